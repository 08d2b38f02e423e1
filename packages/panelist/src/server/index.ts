export type { AppType } from './app.ts';
export type { ProblemDetails } from './errors/problem-details.ts';
export type { RunSpending, TaskKind, TaskLive, TaskView } from './live/task-view.ts';
export { type PanelistServer, type ServeOptions, startServer } from './serve.ts';
