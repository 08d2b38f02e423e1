/** Read-only links to a run. */
export const share = {
  share: 'Share',
  title: 'Share this run',
  hint: 'Who has the link can read this run at the address of this server, and change nothing. It ends with the server, unless the operator has set PANELIST_SHARE_KEY.',
  validFor: 'Valid for',
  days: (count: number) => (count === 1 ? '1 day' : `${count} days`),
  make: 'Make a link',
  link: 'The link',
  expires: (at: string) => `Until ${at}.`,
  opening: 'Opening the shared run…',
  invalid: 'This link is not valid any more. Ask for another one.',
};
