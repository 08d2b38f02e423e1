import type { TaskRunner } from '@panelist/toolkit';
import { callSettings } from './call-settings.ts';
import type { Context } from './context.ts';
import { type FocusGroup, MODERATION_JOB, type TurnPlace } from './group-turn.ts';
import type { ModeratorGuide } from './guide.ts';
import type { NextRound } from './hold-round.ts';
import { holdTurn, type TurnWatch } from './hold-turn.ts';
import type { ModerationParams, ModeratorAction } from './moderation-job.ts';
import { fromMemory } from './plan-summary.ts';
import { itemsOf } from './round-job.ts';
import { MODERATION } from './stored-turns.ts';

/** A moderator within its bounds. What it may still do follows from the turns that were held, and from nothing else. */
export class Moderator {
  readonly #runner: TaskRunner;
  readonly #group: FocusGroup;
  readonly #guide: ModeratorGuide;
  readonly #watch: TurnWatch;
  #actions = 0;
  #tokens = 0;

  constructor(runner: TaskRunner, group: FocusGroup, guide: ModeratorGuide, watch: TurnWatch) {
    this.#runner = runner;
    this.#group = group;
    this.#guide = guide;
    this.#watch = watch;
  }

  /**
   * Lets the moderator act after a round until it moves on, or may do no more. One that cannot be asked moves on; its
   * turn tells why.
   *
   * @param next what the guide asks next
   * @param hold holds the round that the moderator wants
   * @returns whether the group goes on
   */
  async after(
    step: string,
    next: readonly string[],
    hold: (step: string, round: NextRound) => Promise<void>,
  ): Promise<boolean> {
    const { maxActionsPerRound = 2, maxActions = 10, maxTokens = 100_000 } = this.#guide;
    for (let k = 1; k <= maxActionsPerRound; k += 1) {
      if (this.#actions >= maxActions || this.#tokens >= maxTokens) return true;
      const left = Math.min(maxActionsPerRound - k + 1, maxActions - this.#actions);
      const action = await this.#decide(`${step}/moderator-${k}`, next, left);
      if (action === null || action.action === 'move_on') return true;
      if (action.action === 'end') return false;
      this.#actions += 1;
      await hold(`${step}/moderator-${k}/${action.action}`, this.#roundOf(action));
    }
    return true;
  }

  async #decide(step: string, next: readonly string[], left: number): Promise<ModeratorAction | null> {
    const { task } = await holdTurn(
      this.#runner,
      this.#group.focusGroupId,
      step,
      fromMemory(this.#runner.tasks, this.#group.focusGroupId, ({ context }) => ({
        step,
        job: MODERATION_JOB,
        params: this.#params(context, next, left),
        items: [{ key: 'action', input: 'action' }],
      })),
      this.#watch,
    );
    for await (const record of itemsOf(this.#runner.tasks, task.taskId)) {
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
  ): Omit<ModerationParams, keyof TurnPlace> {
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
