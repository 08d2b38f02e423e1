export { type BarsOptions, renderBars } from './analysis/bars.ts';
export { compareWithHumans, type HumanComparison } from './analysis/compare-humans.ts';
export { type ExportOptions, exportDocumentation, exportResults } from './analysis/export/export-results.ts';
export type { ExportFormat, ExportShape } from './analysis/export/export-table.ts';
export type { SurveyRecord } from './analysis/export/methods.ts';
export { type SurveyScan, scanSurvey } from './analysis/export/survey-scan.ts';
export { exportTranscript, type TranscriptFormat } from './analysis/focus-group/export/export-transcript.ts';
export { writeGroupReport } from './analysis/focus-group/export/group-report.ts';
export { analyseGroup, type GroupAnalysis } from './analysis/focus-group/group-analysis.ts';
export { type HumanAnswers, readHumanAnswers } from './analysis/human-answers.ts';
export { type SummaryOptions, type SurveySummary, summariseSurvey } from './analysis/survey-summary.ts';
export { type OptionCount, type QuestionTable, type Tabulation, tabulate } from './analysis/tabulate.ts';
export { openWorkspace, type Workspace, type WorkspaceOptions } from './application/open-workspace.ts';
export { type ReadAudienceOptions, readAudience } from './audience/read-audience.ts';
export type { Respondent } from './audience/respondent.ts';
export { type QuotaSample, quotaSample, type SampleOptions } from './audience/sampling/quota-sample.ts';
export { readTargets, type Target } from './audience/sampling/targets.ts';
export { writeAudience } from './audience/write-audience.ts';
export {
  batchGenerateResponses,
  type LiveMessageOptions,
  type LiveRound,
} from './focus-group/batch-generate-responses.ts';
export { dryRunGroup, type GroupDryRun } from './focus-group/dry-run-group.ts';
export {
  type GroupHistory,
  listGroups,
  readGroup,
  type Turn,
  transcriptOf,
} from './focus-group/group-history.ts';
export type { FocusGroup } from './focus-group/group-turn.ts';
export {
  type FocusGroupGuide,
  type GuideRound,
  type HostQuestion,
  HUMAN_REPLY_WORDS,
  type ModeratorGuide,
  type PollGuide,
  type RoundMode,
  type SpeakerRule,
} from './focus-group/guide.ts';
export { parseGuide } from './focus-group/guide-schema.ts';
export { holdThemes } from './focus-group/hold-themes.ts';
export { GroupStopped } from './focus-group/hold-turn.ts';
export type { Participant } from './focus-group/participant.ts';
export { readGuideFile } from './focus-group/read-guide-file.ts';
export { type GroupPolls, readPolls } from './focus-group/read-polls.ts';
export {
  type FocusGroupOptions,
  type FocusGroupResult,
  runFocusGroup,
} from './focus-group/run-focus-group.ts';
export type { Reply, Transcript, TranscriptRound } from './focus-group/transcript.ts';
export { type ApiKeys, environmentKeys, type KeyRequest } from './models/api-keys.ts';
export type { ChatMessage, ChatModel, ChatReply, ChatRequest, ReplySchema } from './models/chat-model.ts';
export type { ModelUsage } from './models/model-usage.ts';
export { type ModelSettings, type OpenedModel, openModel } from './models/open-model.ts';
export { PanelistError, type PanelistErrorCode } from './panelist-error.ts';
export { type Simulator, type SimulatorOptions, startSimulator } from './simulator/index.ts';
export type { Answer, AnswerStatus, AnswerValue, Interview } from './survey/answer.ts';
export { type DeployedSurvey, deploySurvey, type SurveyDeployment } from './survey/deploy-survey.ts';
export { type DryRun, dryRun } from './survey/dry-run.ts';
export {
  type ImportedSurvey,
  type ImportOptions,
  type ImportWarning,
  importSurvey,
  importSurveyJs,
} from './survey/import-surveyjs.ts';
export { type InterviewOptions, interview, type ModelParameters } from './survey/interview.ts';
export type { AskScope } from './survey/interview-plan.ts';
export type { Page, PageElement, Question, Questionnaire, SkippedElement } from './survey/questionnaire.ts';
export { readChoicesFile } from './survey/read-choices-file.ts';
export { importSurveyFile, readSurveyFile } from './survey/read-survey-file.ts';
export { surveyJob } from './survey/survey-job.ts';
export { type SurveyResult, surveyResults } from './survey/survey-results.ts';
export { SURVEY_JOB, type SurveyTaskParams } from './survey/survey-task.ts';
export { SurveyError, type SurveyProblem } from './survey/surveyjs/import-problems.ts';
