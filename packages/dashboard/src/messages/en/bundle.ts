/** A run as a folder of files. */
export const bundle = {
  written: (at: string, version: string) =>
    `Written by Panelist ${version} on ${at}. It shows the run as it was then.`,
};
