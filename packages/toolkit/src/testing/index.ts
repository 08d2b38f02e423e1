export { describeRunner, type RunnerSetUp, type RunnerUnderTest } from './describe-runner.ts';
export { describeTaskStore, type TaskStoreUnderTest } from './describe-task-store.ts';
export type { Expectation, TestFunctions } from './test-functions.ts';
export { VirtualClock } from './virtual-clock.ts';
