import { PanelistProcess } from './panelist-process.ts';

/** A `panelist serve`, started as an operator would. */
export class ServedPanelist implements AsyncDisposable {
  readonly process: PanelistProcess;
  readonly url: string;

  private constructor(process: PanelistProcess, url: string) {
    this.process = process;
    this.url = url;
  }

  /** @param args further flags of `serve` */
  static async start(
    args: readonly string[],
    options: ConstructorParameters<typeof PanelistProcess>[1],
  ): Promise<ServedPanelist> {
    const process = new PanelistProcess(['serve', ...args], options);
    const [, url = ''] = await process.finds(/at (http:\/\/\S+)\n/, 'out');
    return new ServedPanelist(process, url);
  }

  /** A request as the page makes it; the JSON of its answer. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it.
  async json(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<any> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { 'Panelist-Request': '1', 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return response.json();
  }

  /** Resolves when an event of the task fits; rejects when the server ends. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it.
  async until(taskId: string, fits: (live: any) => boolean): Promise<any> {
    const response = await fetch(`${this.url}/api/events?tasks=${taskId}`);
    let text = '';
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      const frames = text.split('\n\n');
      text = frames.pop()!;
      for (const frame of frames) {
        const data = /^event: task\ndata: (.*)$/m.exec(frame)?.[1];
        const live = data === undefined ? undefined : JSON.parse(data);
        if (live !== undefined && fits(live)) return live;
      }
    }
    throw new Error('The stream has ended.');
  }

  /** Ends at once, as a machine does that loses its power. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.process.finished;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGTERM');
    this.process.kill('SIGTERM');
    await this.process.finished;
  }
}
