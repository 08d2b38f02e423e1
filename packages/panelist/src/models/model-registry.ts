import { createHash } from 'node:crypto';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { PanelistError } from '../panelist-error.ts';
import { AiSdkModel } from './ai-sdk-model.ts';
import { boundedFetch } from './bounded-fetch.ts';
import type { ChatModel } from './chat-model.ts';
import { simulatorModel } from './simulator-model.ts';

export interface ModelSettings {
  /** Where an `openai-compatible/…` model is served, for example `http://127.0.0.1:11434/v1`. */
  readonly baseUrl?: string | undefined;
  /** Where API keys are read from. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

export interface OpenedModel {
  readonly model: ChatModel;
  /** The model and, where the id alone does not say it, who serves it: what its kept answers are filed under. */
  readonly identity: string;
  /** What its calls share their rate limits by: provider, account and model. Holds no key. */
  readonly account: string;
  close(): Promise<void>;
}

interface Provider {
  /** The variable that holds its key. */
  readonly keyVariable: string;
  readonly keyRequired: boolean;
  /** Whether it is reached at a base URL that the caller must give. @default false */
  readonly wantsBaseUrl?: boolean;
  /** The variable that the vendor's package would take its base URL from. */
  readonly baseUrlVariable?: string;
  open(modelName: string, apiKey: string, baseURL: string | undefined): Promise<LanguageModelV4>;
}

const fetch = boundedFetch();

/** Each vendor's package is loaded only when one of its models is opened. */
const providers: Readonly<Record<string, Provider>> = {
  openai: {
    keyVariable: 'OPENAI_API_KEY',
    keyRequired: true,
    baseUrlVariable: 'OPENAI_BASE_URL',
    open: async (modelName, apiKey, baseURL) =>
      (await import('@ai-sdk/openai')).createOpenAI({ apiKey, fetch, ...(baseURL && { baseURL }) })(
        modelName,
      ),
  },
  anthropic: {
    keyVariable: 'ANTHROPIC_API_KEY',
    keyRequired: true,
    baseUrlVariable: 'ANTHROPIC_BASE_URL',
    open: async (modelName, apiKey, baseURL) =>
      (await import('@ai-sdk/anthropic')).createAnthropic({ apiKey, fetch, ...(baseURL && { baseURL }) })(
        modelName,
      ),
  },
  google: {
    keyVariable: 'GOOGLE_GENERATIVE_AI_API_KEY',
    keyRequired: true,
    open: async (modelName, apiKey) =>
      (await import('@ai-sdk/google')).createGoogleGenerativeAI({ apiKey, fetch })(modelName),
  },
  'openai-compatible': {
    keyVariable: 'OPENAI_COMPATIBLE_API_KEY',
    keyRequired: false,
    wantsBaseUrl: true,
    open: async (modelName, apiKey, baseURL = '') =>
      (await import('@ai-sdk/openai-compatible')).createOpenAICompatible({
        name: 'openai-compatible',
        baseURL,
        fetch,
        supportsStructuredOutputs: true,
        ...(apiKey !== '' && { apiKey }),
      })(modelName),
  },
};

const KNOWN = [...Object.keys(providers).map((name) => `${name}/MODEL`), 'simulator'].join(', ');

/**
 * Opens a model by its id: `openai/gpt-…`, `anthropic/…`, `google/…`, `openai-compatible/…` (with `baseUrl`), or
 * `simulator`, optionally with settings (`simulator?server-error=0.05`), which starts one on a free loopback port.
 *
 * @throws PanelistError `MODEL_UNKNOWN`, `API_KEY_MISSING`, or `USAGE` for a base URL that is missing or no URL.
 */
export async function openModel(id: string, settings: ModelSettings = {}): Promise<OpenedModel> {
  const served = identify(id, settings);
  if (served === null) return simulatorModel(id);
  const { provider, modelName, baseUrl, identity } = served;
  const apiKey = (settings.env ?? process.env)[provider.keyVariable]?.trim() ?? '';
  if (provider.keyRequired && apiKey === '') {
    throw new PanelistError(
      'API_KEY_MISSING',
      `${id} needs an API key: set ${provider.keyVariable} in the environment and run the command again.`,
    );
  }
  return {
    model: new AiSdkModel(id, await provider.open(modelName, apiKey, baseUrl), { apiKey }),
    identity,
    account: `${identity} by ${createHash('sha256').update(apiKey).digest('hex')}`,
    close: async () => {},
  };
}

/**
 * What a model's kept answers are filed under, without opening it: no key is needed to look at what was said.
 *
 * @throws PanelistError as `openModel` does, but for a key that is missing
 */
export function modelIdentity(id: string, settings: ModelSettings = {}): string {
  return identify(id, settings)?.identity ?? id;
}

/** `null` for the simulator, which serves itself. */
function identify(
  id: string,
  settings: ModelSettings,
): { provider: Provider; modelName: string; baseUrl: string | undefined; identity: string } | null {
  if (id === 'simulator' || id.startsWith('simulator?')) {
    refuseBaseUrl(id, settings.baseUrl);
    return null;
  }
  const [providerName = ''] = id.split('/', 1);
  const modelName = id.slice(providerName.length + 1);
  const provider = Object.hasOwn(providers, providerName) ? providers[providerName] : undefined;
  if (provider === undefined || modelName === '') {
    throw new PanelistError('MODEL_UNKNOWN', `Unknown model ${JSON.stringify(id)}. Known: ${KNOWN}.`);
  }
  let baseUrl: string | undefined;
  if (provider.wantsBaseUrl) baseUrl = readBaseUrl(id, settings.baseUrl);
  else {
    refuseBaseUrl(id, settings.baseUrl);
    const { baseUrlVariable } = provider;
    if (baseUrlVariable !== undefined) {
      baseUrl = (settings.env ?? process.env)[baseUrlVariable]?.trim() || undefined;
    }
  }
  return { provider, modelName, baseUrl, identity: baseUrl === undefined ? id : `${id} at ${baseUrl}` };
}

function refuseBaseUrl(id: string, baseUrl: string | undefined): void {
  if (baseUrl === undefined) return;
  throw new PanelistError(
    'USAGE',
    `--base-url is for openai-compatible/… models; ${id} has its own address.`,
  );
}

function readBaseUrl(id: string, baseUrl: string | undefined): string {
  if (baseUrl === undefined) {
    throw new PanelistError(
      'USAGE',
      `${id} needs --base-url, the address of its server, for example http://127.0.0.1:11434/v1.`,
    );
  }
  const url = URL.parse(baseUrl);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new PanelistError(
      'USAGE',
      `--base-url must be an http or https address such as http://127.0.0.1:11434/v1, got ${JSON.stringify(baseUrl)}.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new PanelistError(
      'USAGE',
      '--base-url must not hold a user name or password: put the key in OPENAI_COMPATIBLE_API_KEY instead.',
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw new PanelistError(
      'USAGE',
      '--base-url must end with its path, without ? or #: paths are put behind it, and it is kept with the task.',
    );
  }
  return baseUrl.replace(/\/+$/, '');
}
