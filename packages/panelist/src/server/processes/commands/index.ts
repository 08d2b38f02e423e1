import { groupCommands } from './focus-groups.ts';
import { taskCommands } from './tasks.ts';

/** What the run process is asked for, by name. Input and output are plain data. */
export const runCommands = { ...taskCommands, ...groupCommands };

export type RunCommands = typeof runCommands;
