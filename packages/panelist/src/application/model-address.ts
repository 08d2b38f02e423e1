import type { AskedModel } from '../models/asked-model.ts';
import { addressOf } from '../models/open-model.ts';

/**
 * The environment variable whose key would go with requests to the model's address; `null` if there is none. Opens
 * nothing.
 *
 * @throws PanelistError as `openModel` for a model that is unknown
 */
export function keySentTo({ model, baseUrl }: Pick<AskedModel, 'model' | 'baseUrl'>): string | null {
  return addressOf(model, { baseUrl: baseUrl ?? undefined }).keyVariable;
}
