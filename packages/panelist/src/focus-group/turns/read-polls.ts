import type { TaskManager } from '@panelist/toolkit';
import type { Interview } from '../../survey/answer.ts';
import type { Questionnaire } from '../../survey/questionnaire.ts';
import { SURVEY } from '../../survey/stored-survey.ts';
import { surveyResults } from '../../survey/survey-results.ts';
import { SURVEY_JOB } from '../../survey/survey-task.ts';
import type { PollParams } from '../group.ts';
import type { GroupHistory, Turn } from '../history.ts';
import { pollOf } from './stored-turns.ts';

/** What each participant answered alone, before the talk and after it. */
export interface GroupPolls {
  readonly questionnaire: Questionnaire;
  readonly before: readonly Interview[];
  readonly after: readonly Interview[];
}

/** The guide's polls; `null` where there are not both. @throws PanelistError `ROW_INVALID` */
export async function readPolls(tasks: TaskManager, { turns }: GroupHistory): Promise<GroupPolls | null> {
  const before = turns.find((turn) => isPoll(turn, 'before'));
  const after = turns.find((turn) => isPoll(turn, 'after'));
  if (before === undefined || after === undefined) return null;
  return {
    questionnaire: SURVEY.params(before.task).questionnaire,
    before: await interviewsOf(tasks, before),
    after: await interviewsOf(tasks, after),
  };
}

function isPoll({ task }: Turn, which: PollParams['poll']): boolean {
  return task.job === SURVEY_JOB && pollOf(task) === which;
}

async function interviewsOf(tasks: TaskManager, { task }: Turn): Promise<Interview[]> {
  const interviews: Interview[] = [];
  for await (const { interview } of surveyResults(tasks, task.taskId)) interviews.push(interview);
  return interviews;
}
