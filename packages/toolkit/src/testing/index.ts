export { describeRunner, type RunnerSetUp, type RunnerUnderTest } from './describe-runner.ts';
export { describeTaskStore, type TaskStoreUnderTest, type TestFunctions } from './describe-task-store.ts';
export { VirtualClock } from './virtual-clock.ts';
