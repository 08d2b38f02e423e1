export const DEFAULT_DATABASE = '.panelist/panelist.db';
export const DEFAULT_MAX_CONCURRENCY = 100;
