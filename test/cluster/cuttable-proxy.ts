import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Forwards connections to a port of this machine, and can cut all of them and refuse new ones. */
export class CuttableProxy {
  readonly #pairs = new Set<Socket>();
  readonly #server = createServer((client) => this.#forward(client));
  readonly #target: number;
  #isCut = false;

  private constructor(target: number) {
    this.#target = target;
  }

  static async to(target: number): Promise<CuttableProxy> {
    const proxy = new CuttableProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    onTestFinished(() => {
      proxy.cut();
      proxy.#server.close();
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#pairs) socket.resetAndDestroy();
  }

  restore(): void {
    this.#isCut = false;
  }

  #forward(client: Socket): void {
    client.on('error', () => {});
    if (this.#isCut) {
      client.resetAndDestroy();
      return;
    }
    const server = connect(this.#target, '127.0.0.1');
    server.on('error', () => client.destroy());
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#pairs.add(from);
      from.pipe(to);
      from.once('close', () => {
        this.#pairs.delete(from);
        to.destroy();
      });
    }
  }
}
