import type { Contender } from '../contender.ts';
import { bullmq, bullmqRedis } from './bullmq.ts';
import { bullmqPostgres } from './bullmq-postgres.ts';
import { dbos } from './dbos.ts';
import { graphileWorker } from './graphile-worker.ts';
import { panelist } from './panelist.ts';
import { pgBoss } from './pg-boss.ts';
import { pgBossDefaults } from './pg-boss-defaults.ts';

export const contenders: Readonly<Record<string, Contender>> = {
  panelist,
  'pg-boss': pgBoss,
  'pg-boss-defaults': pgBossDefaults,
  'graphile-worker': graphileWorker,
  dbos,
  'bullmq-postgres': bullmqPostgres,
  bullmq,
  'bullmq-redis': bullmqRedis,
};
