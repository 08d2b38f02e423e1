import type { Context } from '../context.ts';
import { callSettings, type FocusGroup, MODERATION_JOB, type TurnPosition } from '../group.ts';
import type { ModeratorGuide } from '../guide/guide.ts';
import type { ModerationParams, ModeratorAction } from './moderation-job.ts';
import type { NextRound } from './run-round.ts';
import type { TurnRunner } from './run-turn.ts';
import { MODERATION } from './stored-turns.ts';
import { fromMemory } from './summary.ts';

/** A moderator within its bounds. What it may still do follows from the group's turns, and from nothing else. */
export class Moderator {
  readonly #turns: TurnRunner;
  readonly #group: FocusGroup;
  readonly #guide: ModeratorGuide;
  #actions = 0;
  #tokens = 0;

  constructor(turns: TurnRunner, group: FocusGroup, guide: ModeratorGuide) {
    this.#turns = turns;
    this.#group = group;
    this.#guide = guide;
  }

  /**
   * Lets the moderator act after a round until it moves on or has used up its actions. If its model fails it moves on;
   * its turn records why.
   *
   * @param next what the guide asks next
   * @param run runs the round that the moderator wants
   * @returns whether the group continues
   */
  async after(
    step: string,
    next: readonly string[],
    run: (step: string, round: NextRound) => Promise<void>,
  ): Promise<boolean> {
    const { maxActionsPerRound = 2, maxActions = 10, maxTokens = 100_000 } = this.#guide;
    for (let k = 1; k <= maxActionsPerRound; k += 1) {
      if (this.#actions >= maxActions || this.#tokens >= maxTokens) return true;
      const left = Math.min(maxActionsPerRound - k + 1, maxActions - this.#actions);
      const action = await this.#decide(`${step}/moderator-${k}`, next, left);
      if (action === null || action.action === 'move_on') return true;
      if (action.action === 'end') return false;
      this.#actions += 1;
      await run(`${step}/moderator-${k}/${action.action}`, this.#roundOf(action));
    }
    return true;
  }

  async #decide(step: string, next: readonly string[], left: number): Promise<ModeratorAction | null> {
    const plan = fromMemory(this.#turns, ({ context }) => ({
      step,
      job: MODERATION_JOB,
      params: this.#params(context, next, left),
      items: [{ key: 'action', input: 'action' }],
    }));
    const { task } = (await this.#turns.run(step, plan)).turn;
    for await (const record of this.#turns.tasks.items(task.taskId)) {
      const { status, result } = MODERATION.item(task.taskId, record);
      if (status !== 'succeeded') continue;
      this.#tokens += result.inputTokens + result.outputTokens;
      return result.value;
    }
    return null;
  }

  #params(
    context: Context,
    next: readonly string[],
    actionsLeft: number,
  ): Omit<ModerationParams, keyof TurnPosition> {
    const group = this.#group;
    return {
      ...callSettings(group),
      model: this.#guide.model ?? group.model,
      title: group.title,
      language: group.language,
      instructions: this.#guide.instructions ?? '',
      names: group.participants.map(({ name }) => name),
      context,
      next,
      actionsLeft,
    };
  }

  #roundOf({ action, participant, message }: ModeratorAction): NextRound {
    if (action !== 'probe')
      return { message, host: 'moderator', speakers: action === 'ask_all' ? 'all' : null };
    const ids = this.#group.participants.filter(({ name }) => name === participant).map(({ id }) => id);
    return { message, host: 'moderator', speakers: { ids } };
  }
}
