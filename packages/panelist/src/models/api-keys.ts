import type { Environment } from './transport/proxy-settings.ts';

/** What a key is wanted for. */
export interface KeyRequest {
  /** By the first part of a model's id: `openai`. */
  readonly vendor: string;
  /** Where a key of that vendor is by custom: `OPENAI_API_KEY`. */
  readonly keyVariable: string;
  /**
   * The run that pays with it: a survey's task id, or `fg_` and a focus group's name. A server can look up whose it is.
   * @default none: a model is opened outside a run, or only checked
   */
  readonly run?: string | undefined;
}

/**
 * Where API keys come from. It returns `undefined` where there is no key. It is called whenever a model is checked or
 * opened, and for every vendor's key then: replies and errors are searched for all of them before they are stored.
 */
export type ApiKeys = (request: KeyRequest) => string | undefined;

/** Keys from environment variables, for all runs alike. @param env @default process.env */
export function environmentKeys(env: Environment = process.env): ApiKeys {
  return ({ keyVariable }) => env[keyVariable];
}
