import type { SurveyDeployment } from '../../survey/deploy-survey.ts';
import { type DryRun, dryRun, type Range } from '../../survey/dry-run.ts';
import { type MeasuredQuestion, measuredQuestions } from '../../survey/measurement.ts';
import type { SkippedElement } from '../../survey/questionnaire.ts';
import {
  estimatedCost,
  type PreviewedModel,
  type PreviewOptions,
  previewModel,
} from '../runs/preview-cost.ts';

/** What a deployment would ask and cost. */
export interface SurveyPreview extends PreviewedModel {
  readonly title: string;
  /** Of the survey, such as `zh-cn`. */
  readonly language: string;
  /** What the questionnaire lacks of its file. */
  readonly skipped: readonly SkippedElement[];
  /** How each question of options is measured. */
  readonly measurements: readonly MeasuredQuestion[];
  readonly dryRun: DryRun;
  /** US dollars; `null` without a price. */
  readonly costUsd: Range | null;
}

/**
 * What a deployment would ask and cost. Opens no model and no database, and writes nothing; no API key is needed.
 *
 * @throws PanelistError as the run itself would for its model, its prices and its respondents
 */
export async function previewSurvey(
  deployment: SurveyDeployment,
  options: PreviewOptions = {},
): Promise<SurveyPreview> {
  const { questionnaire, survey } = deployment;
  const model = await previewModel(deployment.model, deployment.baseUrl, options);
  const figures = await dryRun(deployment);
  return {
    ...model,
    title: questionnaire.title || survey,
    language: questionnaire.locale,
    skipped: questionnaire.skipped,
    measurements: measuredQuestions(questionnaire),
    dryRun: figures,
    costUsd: estimatedCost(figures, model.price),
  };
}
