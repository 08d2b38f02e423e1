import type { SurveyDeployment } from '../survey/deploy-survey.ts';
import type { RunFlags } from './commands/shared-options.ts';
import type { Terminal } from './terminal.ts';

/**
 * Shows what a deployment would ask and cost. Opens no model and no database, and writes nothing; no API key is needed.
 *
 * @throws PanelistError as the run itself would for its model, its prices and its respondents
 */
export async function showDryRun(
  deployment: SurveyDeployment,
  flags: Pick<RunFlags, 'maxCost' | 'maxTokens' | 'prices' | 'json'>,
  terminal: Terminal,
): Promise<void> {
  const [{ modelIdentity }, { readPrices }, { dryRun }, { dryRunText, dryRunView }] = await Promise.all([
    import('../models/model-registry.ts'),
    import('../models/budget/read-prices.ts'),
    import('../survey/dry-run.ts'),
    import('./dry-run-report.ts'),
  ]);
  const { model, baseUrl, questionnaire, survey } = deployment;
  modelIdentity(model, { baseUrl });
  const { maxCost, maxTokens } = flags;
  const prices = await readPrices(flags.prices);
  const price = maxCost === undefined ? prices.priceOf(model) : prices.requirePrice(model);
  const title = questionnaire.title || survey;
  const report = { title, model, price, maxCost, maxTokens, dryRun: await dryRun(deployment) };
  terminal.out(flags.json ? `${JSON.stringify(dryRunView(report), null, 2)}\n` : dryRunText(report));
}
