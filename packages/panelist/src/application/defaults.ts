export const DEFAULT_DATABASE = '.panelist/panelist.db';
/** Interviews at once. */
export const DEFAULT_MAX_CONCURRENCY = 100;
/** Participants asked at once, as `ConcurrencyManager.forFocusGroup()` has it. */
export const DEFAULT_GROUP_CONCURRENCY = 50;
/** Holds a folder for each task. */
export const DEFAULT_OUTPUT_FOLDER = 'panelist-results';
