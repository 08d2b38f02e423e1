import { quote } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import { sha256 } from '../text/sha256.ts';
import { AiSdkModel } from './ai-sdk-model.ts';

import { type ApiKeys, environmentKeys } from './api-keys.ts';
import type { OpenedModel } from './chat-model.ts';
import { Redactor } from './redactor.ts';
import { type Environment, proxyPasswords, readProxySettings } from './transport/proxy-settings.ts';
import { checkBaseUrl } from './vendors/base-url.ts';
import { vendorOf, vendors } from './vendors/registry.ts';
import { isSimulator, simulatorModel } from './vendors/simulator.ts';
import type { Vendor } from './vendors/vendor.ts';

export interface ModelSettings {
  /** Where an `openai-compatible/…` model is served, for example `http://127.0.0.1:11434/v1`. */
  readonly baseUrl?: string | undefined;
  /** Where base URLs and proxies (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`) are read from. @default process.env */
  readonly env?: Environment | undefined;
  /** @default environmentKeys(env) */
  readonly apiKeys?: ApiKeys | undefined;
  /** The run that the model is opened for, for `apiKeys`. @default none */
  readonly run?: string | undefined;
}

const KNOWN = [...Object.keys(vendors).map((name) => `${name}/MODEL`), 'simulator'].join(', ');

/**
 * Opens a model by its id: `openai/gpt-…`, `anthropic/…`, `google/…`, `openai-compatible/…` (with `baseUrl`), or
 * `simulator`, optionally with settings (`simulator?server-error=0.05`), which starts one on a free loopback port.
 *
 * @throws PanelistError `MODEL_UNKNOWN`, `API_KEY_MISSING`, or `USAGE` for a base URL that is missing,
 * is not a URL or has a login, and for a proxy that is not an address.
 */
export async function openModel(id: string, settings: ModelSettings = {}): Promise<OpenedModel> {
  const served = identify(id, settings);
  if (served === null) return simulatorModel(id);
  const { vendorName, vendor, modelName, baseUrl, identity } = served;
  const env = settings.env ?? process.env;
  const apiKey = keyOf(vendorName, settings);
  if (vendor.keyRequired && apiKey === '') {
    const advice =
      settings.apiKeys === undefined
        ? `set ${vendor.keyVariable} in the environment and run the command again`
        : `store one for ${vendorName} and start again`;
    throw new PanelistError('API_KEY_MISSING', `${id} needs an API key: ${advice}.`);
  }
  const proxies = readProxySettings(env);
  const redactor = new Redactor([
    ...Object.keys(vendors).flatMap((each) => [keyOf(each, settings), keyOf(each, { env })]),
    ...proxyPasswords(proxies),
  ]);
  // undici takes as long to load as a vendor's package.
  const { modelFetch } = await import('./transport/model-fetch.ts');
  const fetch = modelFetch(proxies);
  const model = await vendor.open(modelName, { apiKey, baseURL: baseUrl, fetch });
  return {
    model: new AiSdkModel(id, model, { redactor }),
    identity,
    account: `${identity} by ${sha256(apiKey)}`,
    close: async () => {},
  };
}

/**
 * What a model's replies are stored under, without opening it: no key is needed to read them.
 *
 * @throws PanelistError as `openModel` does, except for a missing key
 */
export function modelIdentity(id: string, settings: ModelSettings = {}): string {
  return identify(id, settings)?.identity ?? id;
}

/** Where a model's requests go. */
export interface ModelAddress {
  /** The base URL; `null` for the vendor's own, and for the simulator. */
  readonly address: string | null;
  /** The variable of the key that is sent there; `null` where there is no key. */
  readonly keyVariable: string | null;
}

/** @throws PanelistError as `modelIdentity` does */
export function addressOf(id: string, settings: ModelSettings = {}): ModelAddress {
  const served = identify(id, settings);
  if (served === null) return { address: null, keyVariable: null };
  const { vendorName, vendor, baseUrl = null } = served;
  const hasKey = keyOf(vendorName, settings) !== '';
  return { address: baseUrl, keyVariable: hasKey ? vendor.keyVariable : null };
}

/** Empty if there is none. */
function keyOf(vendor: string, { env, apiKeys = environmentKeys(env), run }: ModelSettings): string {
  const { keyVariable } = vendors[vendor]!;
  return apiKeys({ vendor, keyVariable, run })?.trim() ?? '';
}

/** `null` for the simulator, which runs in this process. */
function identify(
  id: string,
  settings: ModelSettings,
): {
  vendorName: string;
  vendor: Vendor;
  modelName: string;
  baseUrl: string | undefined;
  identity: string;
} | null {
  if (isSimulator(id)) {
    refuseBaseUrl(id, settings.baseUrl);
    return null;
  }
  const [vendorName = ''] = id.split('/', 1);
  const modelName = id.slice(vendorName.length + 1);
  const vendor = vendorOf(vendorName);
  if (vendor === undefined || modelName === '') {
    throw new PanelistError('MODEL_UNKNOWN', `Unknown model ${quote(id)}. Known: ${KNOWN}.`);
  }
  let baseUrl: string | undefined;
  if (vendor.needsBaseUrl) baseUrl = requiredBaseUrl(id, vendor, settings.baseUrl);
  else {
    refuseBaseUrl(id, settings.baseUrl);
    baseUrl = environmentBaseUrl(vendor, settings.env ?? process.env);
  }
  return {
    vendorName,
    vendor,
    modelName,
    baseUrl,
    identity: baseUrl === undefined ? id : `${id} at ${baseUrl}`,
  };
}

function refuseBaseUrl(id: string, baseUrl: string | undefined): void {
  if (baseUrl === undefined) return;
  throw new PanelistError(
    'USAGE',
    `${id} has its own address; a base URL is for openai-compatible/… models.`,
    { data: { reason: 'base-url-not-taken' } },
  );
}

function requiredBaseUrl(id: string, { keyVariable }: Vendor, baseUrl: string | undefined): string {
  if (baseUrl === undefined) {
    throw new PanelistError(
      'USAGE',
      `${id} needs a base URL, the address of its server, for example http://127.0.0.1:11434/v1.`,
      { data: { reason: 'base-url-missing' } },
    );
  }
  checkBaseUrl(baseUrl, 'The base URL', keyVariable);
  return baseUrl.replace(/\/+$/, '');
}

function environmentBaseUrl({ baseUrlVariable, keyVariable }: Vendor, env: Environment): string | undefined {
  if (baseUrlVariable === undefined) return undefined;
  const baseUrl = env[baseUrlVariable]?.trim() || undefined;
  if (baseUrl !== undefined) checkBaseUrl(baseUrl, baseUrlVariable, keyVariable);
  return baseUrl;
}
