import { anthropic } from './anthropic.ts';
import { google } from './google.ts';
import { openai } from './openai.ts';
import { openaiCompatible } from './openai-compatible.ts';
import type { Vendor } from './vendor.ts';

/** Who serves models, by the first part of a model's id. The simulator serves itself (`simulator.ts`). */
export const vendors: Readonly<Record<string, Vendor>> = {
  openai,
  anthropic,
  google,
  'openai-compatible': openaiCompatible,
};

/** `undefined` for a name that isn't a vendor's. */
export function vendorOf(name: string): Vendor | undefined {
  return Object.hasOwn(vendors, name) ? vendors[name] : undefined;
}
