/** Holds defaults for flags, of everything that is run in its folder. */
export const CONFIG_FILE = 'panelist.config.json';
/** What the shell's completion scripts call. */
export const COMPLETE_COMMAND = '__complete';
