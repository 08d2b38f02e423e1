/**
 * DBOS: a queue of workflows. A workflow's result is recorded by DBOS itself, in the row of its status. Its default poll of
 * one second would start at most `workerConcurrency` workflows a second, so it polls as often as it can.
 */
import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk';
import { Pool } from 'pg';
import type { Contender } from '../contender.ts';
import { resultCounts } from '../results-table.ts';

const QUEUE = 'items';
const WORKFLOW = 'item';
const APPLICATION = 'bench';
/** It logs every start to the console otherwise. */
const logLevel = 'error';

export const dbos: Contender = {
  title: 'DBOS',
  async open({ postgres }) {
    await DBOS.migrate(postgres);
    const pool = new Pool({ connectionString: postgres });
    const client = await DBOSClient.create({
      systemDatabaseUrl: postgres,
      applicationName: APPLICATION,
    });
    return {
      // It has no call for many workflows at once, but one that enqueues within a transaction.
      async submit(keys) {
        const connection = await pool.connect();
        try {
          await connection.query('begin');
          for (const key of keys) {
            const options = { queueName: QUEUE, workflowName: WORKFLOW, workflowID: key };
            await client.enqueueInTransaction(connection, options, key);
          }
          await connection.query('commit');
        } finally {
          connection.release();
        }
        await pool.query('analyze');
      },
      ...resultCounts(pool, {
        table: 'dbos.workflow_status',
        key: 'workflow_uuid',
        where: "status = 'SUCCESS'",
      }),
      async close() {
        await client.destroy();
        await pool.end();
      },
    };
  },
  async work({ postgres }, { name, concurrency }, workOnItem) {
    DBOS.setConfig({
      name: APPLICATION,
      systemDatabaseUrl: postgres,
      applicationVersion: '1',
      executorID: name,
      logLevel,
      runMigrations: false,
    });
    DBOS.registerWorkflow(workOnItem, { name: WORKFLOW });
    return {
      async start() {
        await DBOS.launch();
        await DBOS.registerQueue(QUEUE, { workerConcurrency: concurrency, minPollingIntervalMs: 1 });
      },
      stop: () => DBOS.shutdown(),
    };
  },
};
