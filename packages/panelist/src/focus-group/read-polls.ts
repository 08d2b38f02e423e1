import type { TaskManager } from '@panelist/toolkit';
import type { Interview } from '../survey/answer.ts';
import type { Questionnaire } from '../survey/questionnaire.ts';
import { SURVEY_JOB } from '../survey/survey-job.ts';
import { surveyResults } from '../survey/survey-results.ts';
import type { GroupHistory, Turn } from './group-history.ts';
import type { PollParams } from './group-turn.ts';

/** What each participant answered alone, before the talk and after it. */
export interface GroupPolls {
  readonly questionnaire: Questionnaire;
  readonly before: readonly Interview[];
  readonly after: readonly Interview[];
}

/** The guide's polls; `null` where there are not both. */
export async function readPolls(tasks: TaskManager, { turns }: GroupHistory): Promise<GroupPolls | null> {
  const before = turns.find((turn) => pollOf(turn)?.poll === 'before');
  const after = turns.find((turn) => pollOf(turn)?.poll === 'after');
  if (before === undefined || after === undefined) return null;
  return {
    questionnaire: (pollOf(before) as PollParams).questionnaire,
    before: await interviewsOf(tasks, before),
    after: await interviewsOf(tasks, after),
  };
}

function pollOf({ task }: Turn): PollParams | null {
  return task.job === SURVEY_JOB ? (task.taskParams as unknown as PollParams) : null;
}

async function interviewsOf(tasks: TaskManager, { task }: Turn): Promise<Interview[]> {
  const interviews: Interview[] = [];
  for await (const { interview } of surveyResults(tasks, task.taskId)) interviews.push(interview);
  return interviews;
}
