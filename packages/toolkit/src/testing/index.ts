export { describeTaskStore, type TaskStoreUnderTest, type TestFunctions } from './task-store-conformance.ts';
export { VirtualClock } from './virtual-clock.ts';
