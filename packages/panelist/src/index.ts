export type { ShownEnds } from './analysis/answer-column.ts';
export type { SurveyResults } from './analysis/answer-table.ts';
export { type BarsOptions, renderBars } from './analysis/bars.ts';
export {
  type Calibration,
  type CalibrationOptions,
  type CorrectedEstimate,
  calibrate,
  type QuestionCalibration,
  type SharesGuess,
  type Verdict,
} from './analysis/calibration/calibrate.ts';
export type { HoldOut } from './analysis/calibration/hold-out.ts';
export {
  type LinkedAnswer,
  type MeanEstimate,
  type Prediction,
  type PredictionPowered,
  predictionPowered,
} from './analysis/calibration/prediction-powered.ts';
export type { Retest } from './analysis/calibration/retest.ts';
export type { ScaleSpread } from './analysis/calibration/scale-spread.ts';
export type { SubgroupError } from './analysis/calibration/subgroups.ts';
export {
  compareWithHumans,
  type HomogeneityTest,
  type HumanComparison,
  type NotCompared,
  type OptionDifference,
  type QuestionComparison,
} from './analysis/compare-humans.ts';
export type { ConsistencyReport, QuestionConsistency } from './analysis/consistency.ts';
export type {
  CrossCell,
  CrossGroup,
  CrossMeans,
  CrossRow,
  CrossTable,
  CrossTest,
} from './analysis/cross-table.ts';
export type { WriteFile } from './analysis/export/atomic-file.ts';
export { type ExportOptions, exportDocumentation, exportResults } from './analysis/export/export-results.ts';
export type { ColumnType, ExportFormat, ExportShape } from './analysis/export/export-table.ts';
export type { SurveyRecord } from './analysis/export/methods.ts';
export type { StatusCounts, SurveyFacts } from './analysis/export/survey-facts.ts';
export { type SurveyScan, scanSurvey } from './analysis/export/survey-scan.ts';
export type { Convergence, RoundSimilarity } from './analysis/focus-group/convergence.ts';
export type {
  Chance,
  Distinctiveness,
  SpeakerDistinctiveness,
} from './analysis/focus-group/distinctiveness.ts';
export { exportTranscript, type TranscriptFormat } from './analysis/focus-group/export/export-transcript.ts';
export { writeGroupReport } from './analysis/focus-group/export/group-report.ts';
export { analyseGroup, type GroupAnalysis, type ThemeMethod } from './analysis/focus-group/group-analysis.ts';
export type { ChoiceShift, NumberShift, QuestionShift } from './analysis/focus-group/opinion-shift.ts';
export type { Participation, SpeakerShare } from './analysis/focus-group/participation.ts';
export type { ReplyLengths } from './analysis/focus-group/reply-lengths.ts';
export { type HumanAnswers, type HumanAnswersOptions, readHumanAnswers } from './analysis/human-answers.ts';
export type { NumberSummary } from './analysis/number-summary.ts';
export type {
  DirectionEffect,
  OrderEffectReport,
  OrderTest,
  PositionEffect,
  QuestionOrderEffect,
  ScaleOrderEffect,
} from './analysis/order-effect.ts';
export type { Compared } from './analysis/report/comparison-page.ts';
export type { NetPromoterScore, ScaleBox, ScaleBoxes } from './analysis/scale-boxes.ts';
export type { ChiSquareTest } from './analysis/statistics/chi-square.ts';
export type { MeansTest } from './analysis/statistics/group-differences.ts';
export type { Adjusted } from './analysis/statistics/holm.ts';
export type { Interval, MeanDifference } from './analysis/statistics/intervals.ts';
export type { KolmogorovSmirnovTest } from './analysis/statistics/kolmogorov-smirnov.ts';
export type { TotalVariation } from './analysis/statistics/total-variation.ts';
export { type SummaryOptions, type SurveySummary, summariseSurvey } from './analysis/survey-summary.ts';
export { type OptionCount, type QuestionTable, type Tabulation, tabulate } from './analysis/tabulate.ts';
export { type SampleFiles, sampleAudience, writeSample } from './application/audiences/sample-audience.ts';
export { participantIds, readAddressees } from './application/focus-groups/addressees.ts';
export { analyseTranscript, type ThemesOfModel } from './application/focus-groups/analyse.ts';
export {
  findThemesInGroup,
  type GroupAction,
  type GroupActionEnd,
  pollGroup,
  type RunGroupOptions,
  retryFailedInGroup,
  runGroup,
  type SayOptions,
  sayInGroup,
  takeBackInGroup,
} from './application/focus-groups/group-actions.ts';
export { type GroupPreview, previewGroup } from './application/focus-groups/preview.ts';
export {
  failedInGroup,
  type GroupTurnView,
  type GroupView,
  groupSpending,
  groupTranscript,
  groupTurns,
  groupViews,
  openedGroup,
} from './application/focus-groups/read-groups.ts';
export { type GuideFiles, type GuideOptions, readGuide } from './application/focus-groups/read-guide.ts';
export { type PollFile, readPoll } from './application/focus-groups/read-poll.ts';
export {
  exportGroup,
  type GroupFolderOptions,
  prepareGroupFolder,
  renewGroupFiles,
  reportGroup,
} from './application/focus-groups/transcript-files.ts';
export type { RoundView, TurnKind, TurnView } from './application/focus-groups/turn-view.ts';
export { openWorkspace, type Workspace, type WorkspaceOptions } from './application/open-workspace.ts';
export { changeGroupLimits, changeLimits } from './application/runs/change-limits.ts';
export type { PreviewedModel, PreviewOptions } from './application/runs/preview-cost.ts';
export type { Progress, RunWait } from './application/runs/progress.ts';
export { type RetryOptions, resumeRun, retryFailedItems } from './application/runs/resume-run.ts';
export type { RunEvent } from './application/runs/run-event.ts';
export type { RunLimits } from './application/runs/run-limits.ts';
export type { ObservedItem, RunObserver } from './application/runs/run-observer.ts';
export type { RunOutcome } from './application/runs/run-outcome.ts';
export { askedModelOf, type RunView, runKeyOf, runView } from './application/runs/run-view.ts';
export type { Spending } from './application/runs/spending.ts';
export {
  followRun,
  type WatchedWorkspace,
  type WatchRunOptions,
  watchRun,
} from './application/runs/watch-run.ts';
export {
  type ComparedAnswers,
  type CompareOptions,
  compareAnswers,
  summariseAnswers,
  writeComparison,
} from './application/surveys/analyse.ts';
export {
  type AnswerFiles,
  exportSurvey,
  type ReportOptions,
  reportSurvey,
  surveyParams,
  tabulateSurvey,
  writeAnswerFiles,
} from './application/surveys/answer-files.ts';
export { checkSurvey, type Finding, type SurveyCheck } from './application/surveys/check-survey.ts';
export { deploy } from './application/surveys/deploy.ts';
export { previewSurvey, type SurveyPreview } from './application/surveys/preview.ts';
export {
  type DeploymentFiles,
  importOptions,
  readDeployment,
  readSurvey,
  type SurveyFileOptions,
} from './application/surveys/read-survey.ts';
export { type SentPrompt, sentPrompts } from './application/surveys/sent-prompt.ts';
export { cancelTask } from './application/tasks/cancel-task.ts';
export { type Failures, readFailures } from './application/tasks/failures.ts';
export { findSurveyTask, findTask } from './application/tasks/find-task.ts';
export { listRuns, type RunPage } from './application/tasks/list-runs.ts';
export { type OpenTasks, openTasks } from './application/tasks/open-tasks.ts';
export { type Pruned, type PruneRequest, pruneTasks } from './application/tasks/prune-tasks.ts';
export type { WorkerView } from './application/workers/list-workers.ts';
export type { Presence } from './application/workers/presence.ts';
export { type ReadAudienceOptions, readAudience } from './audience/read-audience.ts';
export type { Respondent } from './audience/respondent.ts';
export type { LeftOut } from './audience/sampling/people-by-category.ts';
export {
  type CategoryReport,
  type QuotaSample,
  quotaSample,
  type SampleOptions,
} from './audience/sampling/quota-sample.ts';
export type { WeightSpread } from './audience/sampling/sample-weights.ts';
export { readTargets, type Target } from './audience/sampling/targets.ts';
export { writeAudience } from './audience/write-audience.ts';
export type { InputFile, NamedFile } from './files/input-file.ts';
export type { OutputFiles, OverwriteOptions } from './files/output-files.ts';
export {
  batchGenerateResponses,
  type LiveMessageOptions,
  type LiveRound,
} from './focus-group/batch-generate-responses.ts';
export { dryRunGroup, type GroupDryRun } from './focus-group/dry-run-group.ts';
export type { FocusGroup } from './focus-group/group.ts';
export {
  type FocusGroupGuide,
  type GuideRound,
  type HostQuestion,
  HUMAN_REPLY_WORDS,
  type ModeratorGuide,
  type PollGuide,
  type RoundMode,
  type SpeakerRule,
} from './focus-group/guide/guide.ts';
export type { Path as GuidePath, Position as GuidePosition } from './focus-group/guide/guide-document.ts';
export { parseGuide } from './focus-group/guide/guide-schema.ts';
export { readGuideFile } from './focus-group/guide/read-guide-file.ts';
export { type GroupHistory, listGroups, readGroup, type Turn } from './focus-group/history.ts';
export type { Participant } from './focus-group/participant.ts';
export {
  type FocusGroupOptions,
  type FocusGroupResult,
  runFocusGroup,
} from './focus-group/run-focus-group.ts';
export type { Reply, Transcript, TranscriptRound } from './focus-group/transcript.ts';
export { transcriptOf } from './focus-group/transcript.ts';
export { findThemes } from './focus-group/turns/find-themes.ts';
export { type GroupPolls, readPolls } from './focus-group/turns/read-polls.ts';
export { GroupStopped, type TurnWatch } from './focus-group/turns/run-turn.ts';
export type { Quote, Theme } from './focus-group/turns/theme.ts';
export type { FoundThemes } from './focus-group/turns/themes-job.ts';
export { type ApiKeys, environmentKeys, type KeyRequest } from './models/api-keys.ts';
export type { AskedModel } from './models/asked-model.ts';
export type { ModelPrice } from './models/budget/price-table.ts';
export type {
  Caller,
  ChatMessage,
  ChatModel,
  ChatReply,
  ChatRequest,
  OpenedModel,
  ReplyOptions,
  ReplySchema,
} from './models/chat-model.ts';
export type { ModelWait } from './models/model-throttles.ts';
export type { ModelUsage } from './models/model-usage.ts';
export { type ModelSettings, openModel } from './models/open-model.ts';
export type { RepliesSpending, StoredCall } from './models/replies/reply-store.ts';
export type { Environment } from './models/transport/proxy-settings.ts';
export {
  PanelistError,
  type PanelistErrorCode,
  type PanelistErrorData,
  type PanelistErrorOptions,
} from './panelist-error.ts';
export { type Simulator, type SimulatorOptions, startSimulator } from './simulator/index.ts';
export type { Answer, AnswerStatus, AnswerValue, Interview, InterviewCall } from './survey/answer.ts';
export {
  type DeployedSurvey,
  type DeploySettings,
  deploySurvey,
  type SurveyDeployment,
  type SurveyRunner,
} from './survey/deploy-survey.ts';
export { type DryRun, dryRun, type Range as EstimateRange } from './survey/dry-run.ts';
export { SurveyError, type SurveyProblem } from './survey/import/import-problems.ts';
export {
  type ImportedSurvey,
  type ImportOptions,
  type ImportWarning,
  importSurvey,
  importSurveyJs,
} from './survey/import/import-surveyjs.ts';
export { type ListedChoice, readChoicesFile } from './survey/import/read-choices-file.ts';
export { importSurveyFile, readSurveyFile } from './survey/import/read-survey-file.ts';
export { interview } from './survey/interview/interview.ts';
export type {
  InterviewOptions,
  InterviewProgress,
  ModelParameters,
} from './survey/interview/interview-options.ts';
export type { AskScope } from './survey/interview/interview-plan.ts';
export {
  type MeasuredQuestion,
  type Measurement,
  measurementOf,
  type SaidLevels,
  withLevels,
} from './survey/measurement.ts';
export type { TextFormat } from './survey/question-kinds/text-formats.ts';
export type {
  Block,
  Check,
  ComputedValue,
  Expression,
  MeasurementLevel,
  MultipleChoiceQuestion,
  Note,
  NumberDisplay,
  NumberQuestion,
  Option,
  OptionValue,
  Order,
  Page,
  PageElement,
  Question,
  Questionnaire,
  RankingQuestion,
  RatingQuestion,
  SingleChoiceQuestion,
  SkippedElement,
  TextQuestion,
  Trigger,
} from './survey/questionnaire.ts';
export type { ScaleBasis } from './survey/scale-words.ts';
export { surveyJob } from './survey/survey-job.ts';
export { type SurveyResult, surveyResults } from './survey/survey-results.ts';
export { type RespondentItem, SURVEY_JOB, type SurveyTaskParams } from './survey/survey-task.ts';
export type { WorkerIdentity } from './workers/worker.ts';
