/** The page of the processes that work on tasks. */
export const workers = {
  title: 'Workers',
  intro:
    'The processes that work on tasks: this server, commands, and on PostgreSQL the workers of every machine. One that has not been seen for 20 seconds is gone; others go on with what it was doing.',
  emptyTitle: 'Nobody is at work',
  emptyBody: 'This server starts the process that runs tasks; it appears here within seconds.',
  states: { working: 'Working', draining: 'Finishing', gone: 'Gone' },
  roles: { worker: 'Worker', server: 'Server', command: 'Command' },
  process: (pid: string) => `process ${pid}`,
  version: (version: string, schema: string) => `version ${version}, tables ${schema}`,
  inFlight: (count: string) => `${count} in flight`,
  inFlightOf: (count: string, most: string) => `${count} of ${most} in flight`,
  jobs: (jobs: string) => `works on ${jobs}`,
  more: (count: string) => `and ${count} more`,
  since: (started: string, seen: string) => `Since ${started}, last seen at ${seen}`,
};
