import { surveyTask } from '../../survey/deploy-survey.ts';
import type { Note, Questionnaire } from '../../survey/questionnaire.ts';
import { SURVEY_JOB } from '../../survey/survey-task.ts';
import type { Context } from '../context.ts';
import type { PollParams, TurnPosition } from '../group.ts';
import type { GroupMemory } from '../memory.ts';
import type { Participant } from '../participant.ts';
import { writePollDiscussion } from '../prompts/poll.ts';
import { INTERACTIVE_PRIORITY } from './round-job.ts';
import type { EndedTurn, PlannedTurn, TurnRunner } from './run-turn.ts';
import { fromMemory } from './summary.ts';

/**
 * Asks every participant alone what nobody else hears, knowing what has been said so far.
 *
 * @param step `null` for a live poll; it is named by its turn
 * @throws as `TurnRunner.run`
 */
export async function runPoll(
  turns: TurnRunner,
  step: string | null,
  { questionnaire, poll }: { readonly questionnaire: Questionnaire; readonly poll: PollParams['poll'] },
): Promise<EndedTurn> {
  const plan = ({ group, context }: GroupMemory, turn: number): PlannedTurn => {
    const name = step ?? `poll-${turn}`;
    const { taskParams, items } = surveyTask({
      survey: `${turns.focusGroupId}-${name}`,
      questionnaire: withDiscussion(questionnaire, context),
      audience: group.title,
      respondents: group.participants.map((participant) => ({
        id: participant.id,
        persona: personaInGroup(participant),
      })),
      model: group.model,
      baseUrl: group.baseUrl ?? undefined,
      temperature: group.temperature ?? undefined,
      seed: group.seed ?? undefined,
    });
    const params: Omit<PollParams, keyof TurnPosition> = {
      ...taskParams,
      poll,
      priority: INTERACTIVE_PRIORITY,
    };
    return { step: name, job: SURVEY_JOB, params, items };
  };
  return turns.run(step, fromMemory(turns, plan));
}

/** So that they know themselves among those who spoke. */
function personaInGroup({ name, persona }: Participant): Participant['persona'] {
  return Object.values(persona).includes(name) ? persona : { ...persona, 'name in the group': name };
}

/** Puts the discussion before the questions of every page. */
function withDiscussion(questionnaire: Questionnaire, context: Context): Questionnaire {
  const notes = writePollDiscussion(context).map((text): Note => ({ kind: 'note', text, visibleIf: [] }));
  if (notes.length === 0) return questionnaire;
  return {
    ...questionnaire,
    pages: questionnaire.pages.map((page) => ({ ...page, elements: [...notes, ...page.elements] })),
  };
}
