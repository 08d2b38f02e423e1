import { dryRunGroup, type GroupDryRun } from '../../focus-group/dry-run-group.ts';
import type { FocusGroupGuide } from '../../focus-group/guide/guide.ts';
import type { FocusGroupOptions } from '../../focus-group/run-focus-group.ts';
import type { Range } from '../../survey/dry-run.ts';
import {
  estimatedCost,
  type PreviewedModel,
  type PreviewOptions,
  previewModel,
} from '../runs/preview-cost.ts';

/** What a focus group would ask and cost. */
export interface GroupPreview extends PreviewedModel {
  readonly title: string;
  readonly language: string;
  readonly dryRun: GroupDryRun;
  /** US dollars; `null` without a price. */
  readonly costUsd: Range | null;
}

/**
 * What a guide would ask and cost. Opens no model and no database, and writes nothing; no API key is needed.
 *
 * @throws PanelistError as the run itself would for its model, its prices and its guide
 */
export async function previewGroup(
  guide: FocusGroupGuide,
  group: Pick<FocusGroupOptions, 'focusGroupId' | 'audience' | 'pollOptions'>,
  options: PreviewOptions = {},
): Promise<GroupPreview> {
  const { title, language = 'en' } = guide;
  const model = await previewModel(guide.model ?? '', guide.baseUrl, options);
  const figures = await dryRunGroup(guide, group);
  return { ...model, title, language, dryRun: figures, costUsd: estimatedCost(figures, model.price) };
}
