export { type Clock, systemClock } from './clock/clock.ts';
export { sleep } from './clock/sleep.ts';
export type {
  BatchOptions,
  BatchProgress,
  ExecuteOptions,
  InBatchesOptions,
  StreamOptions,
} from './concurrency/batch-options.ts';
export {
  ConcurrencyManager,
  type ConcurrencyManagerOptions,
  type ConcurrencyStats,
} from './concurrency/concurrency-manager.ts';
export type {
  ItemSource,
  TaskContext,
  TaskFailure,
  TaskFunction,
  TaskOutcome,
  TaskSuccess,
} from './concurrency/task.ts';
export { type Attempt, attemptsOf } from './errors/attempts.ts';
export type { CallPermit, CallReport, CallThrottle, ThrottleRequest } from './errors/call-throttle.ts';
export type { Classification, ErrorKind } from './errors/classification.ts';
export { classify } from './errors/classify.ts';
export { ErrorHandler, type ErrorHandlerOptions } from './errors/error-handler.ts';
export type { Logger } from './errors/logger.ts';
export { RateLimitError } from './errors/rate-limit-error.ts';
export type { RetryDecorator } from './errors/retry-decorator.ts';
export type {
  AttemptContext,
  CallOptions,
  ErrorClass,
  RetryEvent,
  RetryOptions,
  RetryPredicate,
} from './errors/retry-options.ts';
export type { SafeExecuteOptions } from './errors/safe-execute.ts';
export { TimeoutError } from './errors/timeout-error.ts';
export { quote, ToolkitError, type ToolkitErrorCode } from './errors/toolkit-error.ts';
export { type WaitHint, type WaitHintOptions, waitHint } from './errors/wait-hint.ts';
export type { FailureResult } from './runners/failure-result.ts';
export type { Job, JobContext, Submission } from './runners/job.ts';
export { isKnownDead } from './runners/lease-owner.ts';
export { TaskRunner, type TaskRunnerOptions } from './runners/task-runner.ts';
export { type FingerprintOptions, fingerprint } from './tasks/fingerprint.ts';
export { MemoryTaskStore, type MemoryTaskStoreOptions } from './tasks/memory-task-store.ts';
export { getTaskManager } from './tasks/process-task-manager.ts';
export type { Task, TaskJson, TaskSnapshot } from './tasks/task.ts';
export type { TaskEventMap, TaskListener, TaskProgressEvent, TaskStatusEvent } from './tasks/task-events.ts';
export { TaskManager } from './tasks/task-manager.ts';
export type {
  CompleteTaskOptions,
  CreateTaskOptions,
  ProgressUpdate,
  ReasonOptions,
  TaskManagerOptions,
} from './tasks/task-manager-options.ts';
export {
  ACTIVE_STATUSES,
  isActive,
  type JsonValue,
  type Lease,
  type TaskItem,
  type TaskItemRecord,
  type TaskItemStatus,
  type TaskRecord,
  type TaskResult,
  TaskStatus,
} from './tasks/task-record.ts';
export type {
  ItemsRequest,
  LeaseRequest,
  NewResult,
  NewTask,
  Page,
  PageRequest,
  ResultsRequest,
  TaskFilter,
  TaskStore,
  Transition,
} from './tasks/task-store.ts';
export type { WatchOptions } from './tasks/watch-task.ts';
export { type BreakerCall, CircuitBreaker, type CircuitBreakerOptions } from './throttle/circuit-breaker.ts';
export { type HedgeContext, type HedgeOptions, hedge, LatencyQuantile } from './throttle/hedge.ts';
export { Throttle } from './throttle/throttle.ts';
export type { ThrottleEvent, WaitReason } from './throttle/throttle-events.ts';
export type { ThrottleOptions } from './throttle/throttle-options.ts';
export type { ThrottleGivingUp, ThrottleStats, ThrottleWait } from './throttle/throttle-stats.ts';
