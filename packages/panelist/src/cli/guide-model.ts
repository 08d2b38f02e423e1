import type { FocusGroupGuide } from '../focus-group/guide/guide.ts';

/** The flags and the config's values that say which model plays the participants. */
export interface ModelFlags {
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  /** Of the config: where neither guide nor flag names a model. */
  readonly defaultModel?: string | undefined;
  readonly defaultBaseUrl?: string | undefined;
}

/** A model with its address: they come from one place, since a key for one server is not for another. */
export interface GuideModel {
  readonly model: string | undefined;
  readonly baseUrl: string | undefined;
  /** Who names the address; `null` where nobody does. */
  readonly addressFrom: 'command line' | 'guide' | 'config' | null;
}

/** The command line's model, else the guide's, else the config's; `--base-url` alone moves the model of the other two. */
export function guideModel(guide: Pick<FocusGroupGuide, 'model' | 'baseUrl'>, flags: ModelFlags): GuideModel {
  const [model, own, from] =
    flags.model !== undefined
      ? ([flags.model, undefined, null] as const)
      : guide.model !== undefined || flags.defaultModel === undefined
        ? ([guide.model, guide.baseUrl, 'guide'] as const)
        : ([flags.defaultModel, flags.defaultBaseUrl, 'config'] as const);
  if (flags.baseUrl !== undefined) return { model, baseUrl: flags.baseUrl, addressFrom: 'command line' };
  return { model, baseUrl: own, addressFrom: own === undefined ? null : from };
}
