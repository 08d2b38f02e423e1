export {
  type BreakerCall,
  CircuitBreaker,
  type CircuitBreakerOptions,
} from './circuit-breaker/circuit-breaker.ts';
export type { Classification, ErrorKind } from './classify/classification.ts';
export { classify } from './classify/classify.ts';
export { type WaitHint, type WaitHintOptions, waitHint } from './classify/retry-after.ts';
export { isWorthWaiting } from './classify/store-fault.ts';
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
export { RateLimitError } from './errors/rate-limit-error.ts';
export { TimeoutError } from './errors/timeout-error.ts';
export { quote, ToolkitError, type ToolkitErrorCode } from './errors/toolkit-error.ts';
export { type HedgeContext, type HedgeOptions, hedge } from './hedge/hedge.ts';
export { LatencyQuantile } from './hedge/latency-quantile.ts';
export { type Attempt, attemptsOf } from './retry/attempts.ts';
export type { CallPermit, CallReport, CallThrottle, ThrottleRequest } from './retry/call-throttle.ts';
export { ErrorHandler, type ErrorHandlerOptions } from './retry/error-handler.ts';
export type { RetryDecorator } from './retry/retry-decorator.ts';
export type {
  AttemptContext,
  CallOptions,
  ErrorClass,
  RetryEvent,
  RetryOptions,
  RetryPredicate,
} from './retry/retry-options.ts';
export type { Logger, SafeExecuteOptions } from './retry/safe-execute.ts';
export { isKnownDead } from './runners/local/lease.ts';
export { TaskRunner, type TaskRunnerOptions } from './runners/local/task-runner.ts';
export type { JobRunner, Runner, Submission, SubmittedItem } from './runners/runner.ts';
export { MemoryTaskStore, type MemoryTaskStoreOptions } from './stores/memory.ts';
export type { FailureResult } from './tasks/failure-result.ts';
export { type FingerprintOptions, fingerprint } from './tasks/fingerprint.ts';
export {
  defineJob,
  type Job,
  type JobContext,
  type JobItem,
  type JobReaders,
  type JobResult,
  type StoredAt,
  type TaskOfJob,
  type TypedJob,
} from './tasks/job.ts';
export { getTaskManager } from './tasks/process-task-manager.ts';
export type { PruneOptions } from './tasks/prune-tasks.ts';
export type { Task, TaskJson, TaskSnapshot } from './tasks/task.ts';
export { type NextChangeOptions, TaskChanges } from './tasks/task-changes.ts';
export type {
  TaskEventMap,
  TaskListener,
  TaskProgressEvent,
  TaskSettingsEvent,
  TaskStatusEvent,
} from './tasks/task-events.ts';
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
  type ItemOutcome,
  isActive,
  type JsonValue,
  type Lease,
  type TaskItem,
  type TaskItemRecord,
  type TaskItemStatus,
  type TaskRecord,
  type TaskResult,
  type TaskSettings,
  TaskStatus,
  type TaskSummary,
} from './tasks/task-record.ts';
export type {
  DeleteRequest,
  ItemClaim,
  ItemsRequest,
  LeaseRequest,
  NewResult,
  NewTask,
  Page,
  PageRequest,
  ResetRequest,
  ResultsRequest,
  SummariesRequest,
  SummaryPage,
  TaskFilter,
  TaskStore,
  Transition,
} from './tasks/task-store.ts';
export type { WatchOptions } from './tasks/watch-task.ts';
export type { Permit } from './throttle/permit.ts';
export type {
  AccountReport,
  AccountState,
  LimitReport,
  LimitState,
  SharedAccount,
} from './throttle/shared/shared-account.ts';
export { Throttle, type ThrottledCallContext } from './throttle/throttle.ts';
export type {
  ThrottleEvent,
  ThrottleGivingUp,
  ThrottleStats,
  ThrottleWait,
  WaitReason,
} from './throttle/throttle-monitor.ts';
export type { ThrottleLimits, ThrottleOptions } from './throttle/throttle-options.ts';
