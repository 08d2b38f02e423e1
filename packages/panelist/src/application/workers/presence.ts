import type { Runner } from '@panelist/toolkit';
import type { SqlDatabase } from '@panelist/toolkit/sqlite';
import type { WorkerRegistration, WorkerRegistry } from '../../workers/sql-worker-registry.ts';
import type { WorkerIdentity } from '../../workers/worker.ts';

/** Says in the database that this process works on tasks, and on which. */
export class Presence {
  readonly #registry: WorkerRegistry;
  readonly #database: Pick<SqlDatabase, 'schemaVersions'>;
  readonly #runner: Pick<Runner, 'inFlight'> & { readonly running: readonly string[] };
  #registration: Promise<WorkerRegistration> | undefined;
  #isDraining = false;

  constructor(
    registry: WorkerRegistry,
    database: Pick<SqlDatabase, 'schemaVersions'>,
    runner: Pick<Runner, 'inFlight'> & { readonly running: readonly string[] },
  ) {
    this.#registry = registry;
    this.#database = database;
    this.#runner = runner;
  }

  /** A command that works on a task of its own says so from its first item on. */
  began(): void {
    this.announce({ role: 'command', jobs: null, maxConcurrency: null }).catch(() => {});
  }

  /**
   * Says so from now on; what the process is said to be first holds.
   *
   * @param onBeat called every five seconds
   */
  async announce(
    identity: Omit<WorkerIdentity, 'schemaVersion'>,
    onBeat?: () => Promise<void>,
  ): Promise<void> {
    this.#registration ??= this.#register(identity, onBeat);
    await this.#registration;
  }

  /** It starts nothing more. */
  async draining(): Promise<void> {
    this.#isDraining = true;
    await (await this.#registration)?.beat();
  }

  async end(): Promise<void> {
    await (await this.#registration?.catch(() => undefined))?.end();
  }

  async #register(
    identity: Omit<WorkerIdentity, 'schemaVersion'>,
    onBeat: (() => Promise<void>) | undefined,
  ): Promise<WorkerRegistration> {
    const versions = await this.#database.schemaVersions();
    const schemaVersion = versions.reduce((sum, { known }) => sum + known, 0);
    return this.#registry.register(
      { ...identity, schemaVersion },
      () => ({
        state: this.#isDraining ? 'draining' : 'working',
        inFlight: this.#runner.inFlight(),
        taskIds: this.#runner.running,
      }),
      { onBeat },
    );
  }
}
