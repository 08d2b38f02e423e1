import type { TaskManager, TaskRecord } from '@panelist/toolkit';
import {
  type TranscriptFormat,
  transcriptText,
} from '../../analysis/focus-group/export/export-transcript.ts';
import { groupReportParts } from '../../analysis/focus-group/export/group-report.ts';
import type { GroupAnalysis } from '../../analysis/focus-group/group-analysis.ts';
import { surveyWords } from '../../analysis/survey-words.ts';
import { THEMES_JOB } from '../../focus-group/group.ts';
import { type GroupHistory, readGroup } from '../../focus-group/history.ts';
import { transcriptOf } from '../../focus-group/transcript.ts';
import { pollOf, THEMES } from '../../focus-group/turns/stored-turns.ts';
import { SURVEY } from '../../survey/stored-survey.ts';
import { SURVEY_JOB } from '../../survey/survey-task.ts';
import type { Workspace } from '../open-workspace.ts';
import { tabulateSurvey } from '../surveys/answer-files.ts';
import { analyseTranscript, type ThemesOfModel } from './analyse.ts';
import { groupTranscript } from './read-groups.ts';

/** A poll with how often each answer was given. */
export interface PollResult {
  readonly taskId: string;
  readonly step: string;
  readonly poll: 'before' | 'after' | 'live';
  readonly title: string;
  readonly questions: readonly PollQuestion[];
}

export interface PollQuestion {
  readonly name: string;
  readonly title: string;
  /** Participants who answered. */
  readonly n: number;
  /** `null` for a question without options. */
  readonly options:
    | readonly { readonly text: string; readonly count: number; readonly share: number }[]
    | null;
  /** Of numbers and scales; `null` for others. */
  readonly mean: number | null;
  /** Answers to a question for text. */
  readonly examples: readonly string[];
}

export interface GroupResults {
  readonly analysis: GroupAnalysis;
  /** Whether something was said after the model has read it for themes; `null` for keyword themes. */
  readonly themesAreOld: boolean | null;
  readonly polls: readonly PollResult[];
}

/**
 * The analysis of a group and its polls, as they are now. Makes no call: themes of a model are those that it has found
 * last, else keyword themes.
 *
 * @throws PanelistError `GROUP_NOT_FOUND`, `ROW_INVALID`
 */
export async function groupResults(
  workspace: Pick<Workspace, 'tasks'>,
  focusGroupId: string,
): Promise<GroupResults> {
  const { tasks } = workspace;
  const history = await readGroup(tasks, focusGroupId);
  const found = await lastThemes(tasks, history);
  const { analysis, transcript } = await analyseTranscript(workspace, focusGroupId, found?.themes ?? null);
  const replies = transcript.rounds
    .flatMap((round) => round.replies)
    .filter(({ status }) => status === 'replied').length;
  const polls: PollResult[] = [];
  for (const { task, step } of history.turns) {
    if (task.job !== SURVEY_JOB || task.completedCount === 0) continue;
    polls.push({ taskId: task.taskId, step, poll: pollOf(task), ...(await pollAnswers(tasks, task)) });
  }
  return { analysis, themesAreOld: found && found.replies !== replies, polls };
}

async function pollAnswers(
  tasks: TaskManager,
  task: TaskRecord,
): Promise<Pick<PollResult, 'title' | 'questions'>> {
  const { readable } = surveyWords(SURVEY.params(task).questionnaire);
  const { title, questions } = await tabulateSurvey(tasks, task);
  return {
    title: readable(title),
    questions: questions.map(({ question, n, options, numbers, examples }) => ({
      name: question.name,
      title: readable(question.title) || question.name,
      n,
      options:
        options?.map(({ option, count, share }) => ({ text: readable(option.text), count, share })) ?? null,
      mean: numbers?.mean ?? null,
      examples,
    })),
  };
}

/** The themes that a model has found last; `null` where none has. */
async function lastThemes(
  tasks: TaskManager,
  { turns }: GroupHistory,
): Promise<{ readonly themes: ThemesOfModel; readonly replies: number } | null> {
  for (const { task } of turns.toReversed()) {
    if (task.job !== THEMES_JOB) continue;
    for await (const record of tasks.items(task.taskId)) {
      const { status, result } = THEMES.item(task.taskId, record);
      if (status !== 'succeeded') continue;
      const { model, rounds } = THEMES.params(task);
      const replies = rounds.reduce((sum, round) => sum + round.replies.length, 0);
      return { themes: { ...result.value, model }, replies };
    }
  }
  return null;
}

/** The transcript of a group as a file. @throws PanelistError `GROUP_NOT_FOUND` */
export async function transcriptFile(
  { tasks }: Pick<Workspace, 'tasks'>,
  focusGroupId: string,
  format: TranscriptFormat,
): Promise<string> {
  return transcriptText(await groupTranscript(tasks, focusGroupId), format);
}

/** The report on a group, one HTML page, in parts. @throws PanelistError `GROUP_NOT_FOUND` */
export async function* groupReportFile(
  workspace: Pick<Workspace, 'tasks'>,
  focusGroupId: string,
): AsyncGenerator<string> {
  const { tasks } = workspace;
  const history = await readGroup(tasks, focusGroupId);
  const found = await lastThemes(tasks, history);
  const { analysis } = await analyseTranscript(workspace, focusGroupId, found?.themes ?? null);
  yield* groupReportParts(await transcriptOf(tasks, history), analysis);
}
