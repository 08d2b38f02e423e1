import { type SqlDatabase, SqlSharedAccounts, SqlTaskStore } from '@panelist/toolkit/sqlite';
import { SqlWrittenFiles } from '../../files/sql-written-files.ts';
import { SqlReplyStore } from '../../models/replies/sql-reply-store.ts';
import { WorkerRegistry } from '../../workers/sql-worker-registry.ts';

/** What opens the tables of each component that Panelist keeps in a database, in the order in which they are created. */
export const COMPONENTS: readonly ((database: SqlDatabase) => Promise<unknown>)[] = [
  (database) => SqlReplyStore.open(database),
  (database) => SqlWrittenFiles.open(database, '.'),
  (database) => SqlTaskStore.open(database),
  (database) => SqlSharedAccounts.open(database),
  (database) => WorkerRegistry.open(database),
];
