import type { Messages } from './messages.ts';

/** Chinese, simplified. */
export const zh: Messages = {
  piping: {
    answerTo: (title) => `[“${title}”的回答]`,
    valueOf: (name) => `[“${name}”的值]`,
  },
};
