import type { FocusGroupGuide } from '../focus-group/guide.ts';
import type { FocusGroupOptions } from '../focus-group/run-focus-group.ts';
import type { ModelPrice } from '../models/budget/price-table.ts';
import type { SurveyDeployment } from '../survey/deploy-survey.ts';
import type { CallFlags } from './commands/shared-options.ts';
import type { Terminal } from './terminal.ts';

type DryRunFlags = Pick<CallFlags, 'maxCost' | 'maxTokens' | 'prices' | 'json'>;

/**
 * Shows what a deployment would ask and cost. Opens no model and no database, and writes nothing; no API key is needed.
 *
 * @throws PanelistError as the run itself would for its model, its prices and its respondents
 */
export async function showDryRun(
  deployment: SurveyDeployment,
  flags: DryRunFlags,
  terminal: Terminal,
): Promise<void> {
  const [{ dryRun }, { dryRunText, dryRunView }] = await Promise.all([
    import('../survey/dry-run.ts'),
    import('./render/dry-run.ts'),
  ]);
  const { model, baseUrl, questionnaire, survey } = deployment;
  const { price, address } = await checked(model, baseUrl, flags);
  const { maxCost, maxTokens } = flags;
  const title = questionnaire.title || survey;
  const { skipped } = questionnaire;
  const { locale: language } = questionnaire;
  const figures = await dryRun(deployment);
  const report = { title, model, address, price, maxCost, maxTokens, skipped, language, dryRun: figures };
  terminal.out(flags.json ? `${JSON.stringify(dryRunView(report), null, 2)}\n` : dryRunText(report));
}

/**
 * The same for a focus group.
 *
 * @throws PanelistError as the run itself would for its model, its prices and its guide
 */
export async function showGroupDryRun(
  guide: FocusGroupGuide,
  group: Pick<FocusGroupOptions, 'focusGroupId' | 'audience' | 'pollOptions'>,
  flags: DryRunFlags,
  terminal: Terminal,
): Promise<void> {
  const [{ dryRunGroup }, { dryRunView, groupDryRunText }] = await Promise.all([
    import('../focus-group/dry-run-group.ts'),
    import('./render/dry-run.ts'),
  ]);
  const { model = '', baseUrl, title, language = 'en' } = guide;
  const { price, address } = await checked(model, baseUrl, flags);
  const { maxCost, maxTokens } = flags;
  const figures = await dryRunGroup(guide, group);
  const report = { title, model, address, price, maxCost, maxTokens, language, dryRun: figures };
  terminal.out(flags.json ? `${JSON.stringify(dryRunView(report), null, 2)}\n` : groupDryRunText(report));
}

/** What a model costs, and where its requests would go. */
async function checked(
  model: string,
  baseUrl: string | undefined,
  { maxCost, prices: file }: DryRunFlags,
): Promise<{ readonly price: ModelPrice | undefined; readonly address: string | null }> {
  const [{ addressOf }, { readPrices }] = await Promise.all([
    import('../models/model-registry.ts'),
    import('../models/budget/read-prices.ts'),
  ]);
  const { address } = addressOf(model, { baseUrl });
  const prices = await readPrices(file);
  return { price: maxCost === undefined ? prices.priceOf(model) : prices.requirePrice(model), address };
}
