import type { AskedModel } from '../models/asked-model.ts';
import { PanelistError } from '../panelist-error.ts';
import { foreignLine } from '../text/foreign-line.ts';
import { CONFIG_FILE } from './program-names.ts';
import { shellWord } from './render/shell-word.ts';
import type { Terminal } from './terminal.ts';

/** The addresses that somebody has named for this command. */
export interface AddressFlags {
  readonly baseUrl?: string | undefined;
  /** Of the config, where another place could name one too. */
  readonly defaultBaseUrl?: string | undefined;
}

type Asked = Pick<AskedModel, 'model' | 'baseUrl'>;

/**
 * Which addresses a command may send to. Guides and databases may come from strangers: an address that only they name
 * gets no key until the user confirms it, on the command line or at a prompt. Without a key, a database may name any
 * address, since it already has everything that is sent; a guide only a local one.
 */
export class Addresses {
  readonly #named: Set<string>;
  readonly #config: string | undefined;
  readonly #terminal: Pick<Terminal, 'confirm'>;

  constructor({ baseUrl, defaultBaseUrl }: AddressFlags, terminal: Pick<Terminal, 'confirm'>) {
    this.#named = new Set(baseUrl === undefined ? [] : [comparable(baseUrl)]);
    this.#config = defaultBaseUrl === undefined ? undefined : comparable(defaultBaseUrl);
    this.#terminal = terminal;
  }

  /** For `openWorkspace`: whether an address that a task names may get a key. */
  readonly mayGetKey = (address: string): boolean => {
    const wanted = comparable(address);
    return this.#named.has(wanted) || wanted === this.#config;
  };

  /**
   * Sees to it that an address which a guide or a database names has been named by somebody else too. On a terminal it
   * asks.
   *
   * @throws PanelistError `ADDRESS_UNCONFIRMED`; as `openModel` does for a model that is unknown
   */
  async confirm({ model, baseUrl }: Asked, namedBy: 'guide' | 'database'): Promise<void> {
    if (baseUrl === null) return;
    const address = comparable(baseUrl);
    if (this.#named.has(address)) return;
    const { keySentTo } = await import('../application/model-address.ts');
    const keyVariable = keySentTo({ model, baseUrl });
    const isDatabase = namedBy === 'database';
    if (keyVariable === null && (isDatabase || isLoopback(baseUrl))) return;
    if (isDatabase && address === this.#config) return;
    const sent = `what the participants are and say${keyVariable === null ? '' : `, and the key in ${keyVariable}`}`;
    const where = `The ${namedBy} names the address ${foreignLine(JSON.stringify(address))} for ${foreignLine(JSON.stringify(model))}: ${sent}, would go there.`;
    if (await this.#terminal.confirm?.(`${where} Is it right?`)) {
      this.#named.add(address);
      return;
    }
    const others = isDatabase ? `, or put it into ${CONFIG_FILE}` : ', or --model for another model';
    throw new PanelistError(
      'ADDRESS_UNCONFIRMED',
      `${where} A ${namedBy} may come from a stranger. If the address is right, give --base-url ${shellWord(address)}${others}.`,
    );
  }
}

/** Said before anything is sent, with `--quiet` too: who runs a command in a folder may not know its config. */
export function configAddress(address: string): string {
  return `Requests go to ${foreignLine(address)}, as ${CONFIG_FILE} says.\n`;
}

/** Equal for two that requests go to alike. */
function comparable(address: string): string {
  return (URL.parse(address)?.href ?? address).replace(/\/+$/, '');
}

function isLoopback(address: string): boolean {
  const hostname = URL.parse(address)?.hostname ?? '';
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
