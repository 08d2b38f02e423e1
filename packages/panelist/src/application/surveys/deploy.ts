import { type DeployedSurvey, deploySurvey, type SurveyDeployment } from '../../survey/deploy-survey.ts';
import type { Workspace } from '../open-workspace.ts';
import { checkLimits, type RunLimits } from '../runs/run-limits.ts';

/**
 * Sends a survey out, joins the run that is under way, or returns the finished one, as `deploySurvey`. What can be wrong
 * with its model is found before anything is started; a survey that has finished needs no API key any more.
 *
 * @param limits recorded with the task; a run that is joined is changed to them. Those of the workspace are recorded with
 *   a new task where none are given here
 * @throws PanelistError as `deploySurvey`; `MODEL_UNKNOWN`, `API_KEY_MISSING`, `PRICE_UNKNOWN`
 */
export async function deploy(
  workspace: Workspace,
  deployment: SurveyDeployment,
  limits: RunLimits = {},
): Promise<DeployedSurvey> {
  const settings = checkLimits(limits);
  const { model, baseUrl = null } = deployment;
  return deploySurvey(workspace.runner, deployment, {
    settings,
    defaults: checkLimits(workspace.limits),
    beforeRun: () => workspace.checkModel({ model, baseUrl }, settings),
  });
}
