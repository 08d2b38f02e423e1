import { taskCommands } from './tasks.ts';

/** What the run process is asked for, by name. Input and output are plain data. */
export const runCommands = { ...taskCommands };

export type RunCommands = typeof runCommands;
