/** What shared components say. */
export const parts = {
  loading: 'Loading…',
  failed: 'This could not be loaded.',
  outOfDate: 'This may be out of date: it could not be read again.',
  unreachable:
    'The server cannot be reached. It may have been stopped: start it again, and this page goes on.',
  retry: 'Try again',
  close: 'Close',
  cancel: 'Cancel',
  more: 'More',
  notifications: 'Notifications',
  copy: 'Copy',
  copied: 'Copied',
  synthetic: 'Synthetic',
  syntheticHint: 'These answers were made by a model. No person gave them.',
  statuses: {
    pending: 'Waiting to start',
    running: 'Running',
    paused: 'Paused',
    interrupted: 'Interrupted',
    completed: 'Finished',
    failed: 'Failed',
    cancelled: 'Cancelled',
  },
};
