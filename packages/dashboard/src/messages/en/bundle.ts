/** A run as a folder of files. */
export const bundle = {
  written: (at: string, version: string) =>
    `Written by Panelist ${version} on ${at}. It shows the run as it was then.`,
  /** Why a prompt is not shown. */
  missingPrompts: {
    'left-out': 'This bundle was written without prompts.',
    'not-stored': 'The database had no reply to this prompt any more when the bundle was written.',
  },
};
