import { workerData } from 'node:worker_threads';
import type { RunLimits } from '../../../application/runs/run-limits.ts';
import { type SubmittedSurvey, submitSurvey } from '../../../application/surveys/submit-survey.ts';
import {
  checkDraft,
  type DraftCheck,
  deploymentOf,
  type SurveyDraft,
} from '../../../application/surveys/survey-draft.ts';
import { type SurveyOutline, surveyOutline } from '../../../application/surveys/survey-outline.ts';
import { findTask } from '../../../application/tasks/find-task.ts';
import type { InputFile } from '../../../files/input-file.ts';
import { errorOf, type PortableError } from '../../errors/portable-error.ts';
import { HOSTED, hostedTask } from '../../processes/hosted-task.ts';
import type { ThreadData } from '../messages.ts';
import type { ThreadDatabase } from '../thread-job.ts';

export interface Submission {
  readonly draft: SurveyDraft;
  readonly limits: RunLimits;
  readonly owner: string | null;
  /** Whether tasks of other owners are left alone. */
  readonly hasOwners: boolean;
  /** Why the model cannot be asked, which the run process has found out; `null` where it can. A survey that has finished
   * needs no model any more. */
  readonly modelError: PortableError | null;
}

export const surveyJobs = {
  async checkSurvey(
    _open: ThreadDatabase,
    {
      draft,
    }: {
      draft: Omit<SurveyDraft, 'audience' | 'model'> & { audience: InputFile | null; model: string | null };
    },
  ): Promise<DraftCheck> {
    return checkDraft(draft, { prices: (workerData as ThreadData).prices });
  },

  async submitSurvey(
    open: ThreadDatabase,
    { draft, limits, owner, hasOwners, modelError }: Submission,
  ): Promise<SubmittedSurvey> {
    const { tasks } = await open();
    return submitSurvey(tasks, await deploymentOf(draft), {
      limits,
      marks: HOSTED,
      newMarks: { owner },
      mayChange(task) {
        const { owner: other, isQuarantined } = hostedTask(task);
        // One in quarantine is resumed by hand only.
        return !isQuarantined && (!hasOwners || other === null || other === owner);
      },
      beforeRun: async () => {
        if (modelError !== null) throw errorOf(modelError);
      },
    });
  },

  async surveyOutline(open: ThreadDatabase, { taskId }: { readonly taskId: string }): Promise<SurveyOutline> {
    const workspace = await open();
    return surveyOutline(workspace.tasks, await findTask(workspace, taskId));
  },
};
