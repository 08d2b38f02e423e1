import type { FocusGroup, RoundParams } from './group-turn.ts';

/** How the group's model is called, as it stands in the params of each turn. */
export function callSettings({
  model,
  baseUrl,
  temperature,
  seed,
}: FocusGroup): Pick<RoundParams, 'model' | 'baseUrl' | 'freshRun' | 'temperature' | 'seed'> {
  return { model, baseUrl, freshRun: null, temperature, seed };
}
