import { PanelistProcess, temporaryFolder } from '../panelist-process.ts';

type Folder = Awaited<ReturnType<typeof temporaryFolder>>;

export interface PageServerOptions {
  /** @default one that answers at once */
  readonly models?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** @default a file in its folder */
  readonly database?: string;
}

/** `panelist serve` in a folder of its own, as a user starts it. */
export class PageServer {
  readonly #folder: Folder;
  readonly #options: PageServerOptions;
  #process: PanelistProcess | undefined;
  #port = 0;

  private constructor(folder: Folder, options: PageServerOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  static async start(options: PageServerOptions = {}): Promise<PageServer> {
    const folder = await temporaryFolder();
    const server = new PageServer(folder, options);
    await server.start();
    return server;
  }

  get folder(): string {
    return this.#folder.path;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** On the same port as before. */
  async start(): Promise<void> {
    const { models = ['simulator'], env = {}, database } = this.#options;
    const args = ['serve', '--port', String(this.#port), ...models.flatMap((model) => ['--model', model])];
    if (database !== undefined) args.push('--database', database);
    const started = new PanelistProcess(args, { cwd: this.folder, env });
    this.#process = started;
    await started.says(/at http:\/\/127\.0\.0\.1:\d+\n/, 'out');
    this.#port = Number(/:(\d+)\n/.exec(started.said.out)?.[1]);
  }

  /** As the machine's own end of memory would. */
  async kill(): Promise<void> {
    this.#process?.kill('SIGKILL');
    await this.#process?.finished;
  }

  async stop(): Promise<void> {
    this.#process?.kill('SIGTERM');
    await this.#process?.finished;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#folder[Symbol.asyncDispose]();
  }
}
