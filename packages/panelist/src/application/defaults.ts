export const DEFAULT_DATABASE = '.panelist/panelist.db';
export const DEFAULT_MAX_CONCURRENCY = 100;
/** Holds a folder for each task. */
export const DEFAULT_OUTPUT_FOLDER = 'panelist-results';
