import type { Attributes } from '@opentelemetry/api';
import type { Classification } from '@panelist/toolkit';
import { shortened } from '../../text/shortened.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';
import { vendorOf } from '../vendors/registry.ts';

const LONGEST_NAME_CHARS = 200;

export interface NamedModel {
  /** The model alone, without its provider and settings. */
  readonly name: string;
  /** What every span and metric of the model carries. */
  readonly attributes: Readonly<Attributes>;
}

/**
 * A model's name and attributes in telemetry. Settings after a `?` are not part of the name. An id may come from a
 * stranger's file, so the name is one short line.
 *
 * @param id `provider/model`, as requested.
 */
export function namedModel(id: string): NamedModel {
  const [address = ''] = id.split('?', 1);
  const slash = address.indexOf('/');
  const provider = line(slash === -1 ? address : address.slice(0, slash));
  const name = line(address.slice(slash + 1));
  return {
    name,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': vendorOf(provider)?.telemetryName ?? provider,
      'gen_ai.request.model': name,
    },
  };
}

/**
 * The name of the model that a server reports, or `undefined` if it isn't a name: a server may send any text there, a piece
 * of the prompt too.
 */
export function modelNameOf(returned: string): string | undefined {
  return /^[\w.:/@+-]{1,200}$/.test(returned) ? returned : undefined;
}

/**
 * `error.type`: the HTTP status, or the kind of the error. There are few values, and a server cannot choose one freely: its
 * codes and messages may repeat a key or a prompt.
 */
export function errorType({ kind, status }: Classification): string {
  // An exhausted quota has many statuses, and 429 would look like a rate limit.
  return status === undefined || status < 400 || kind === 'quota' ? kind : String(status);
}

function line(text: string): string {
  return terminalSafe(shortened(text, LONGEST_NAME_CHARS));
}
