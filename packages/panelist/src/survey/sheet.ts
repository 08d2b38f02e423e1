import type { ReplySchema } from '../models/chat-model.ts';
import { answerSchema } from './answer-schema.ts';
import type { AskedQuestion } from './asked-question.ts';
import type { PlannedElement, PlannedQuestion, Section } from './interview-plan.ts';
import { pipedNames } from './piping.ts';
import { type GridPrompt, pagePrompt } from './prompt.ts';
import type { Template } from './questionnaire.ts';

/** What is put before a respondent at once. */
export interface Sheet {
  readonly asked: readonly AskedQuestion[];
  readonly prompt: string;
  readonly schema: ReplySchema;
}

/** A question as it is shown now; `variant` names its form where others are shown the same, and is `null` else. */
export interface Reading {
  readonly asked: AskedQuestion;
  readonly variant: string | null;
}

/** Sets of shown elements that one section keeps; a section with more of them computes the rest each time. */
const maxSheets = 500;

/**
 * Prompt and schema for some of a section's elements, in the order given. `fill` puts answers into texts that need
 * them. What is the same for everybody is made once.
 */
export function sheetOf(
  section: Section,
  shown: readonly PlannedElement[],
  readings: ReadonlyMap<PlannedQuestion, Reading>,
  fill: (template: Template) => string,
): Sheet {
  const cacheKey = cacheKeyOf(section, shown, readings);
  const known = cacheKey === null ? undefined : section.sheets.get(cacheKey);
  if (known) return known;
  const asked: AskedQuestion[] = [];
  const blocks: (string | AskedQuestion | GridPrompt)[] = [];
  for (const element of shown) {
    if (!('question' in element)) {
      blocks.push(fill(element.text));
      continue;
    }
    const question = (readings.get(element) as Reading).asked;
    asked.push(question);
    addQuestion(blocks, element, question, fill);
  }
  const sheet: Sheet = {
    asked,
    prompt: pagePrompt(section.heading.map(fill), blocks),
    schema: answerSchema(asked),
  };
  if (cacheKey !== null && section.sheets.size < maxSheets) section.sheets.set(cacheKey, sheet);
  return sheet;
}

/** Cells of one grid that follow each other stand under its title together. */
function addQuestion(
  blocks: (string | AskedQuestion | GridPrompt)[],
  { grid }: PlannedQuestion,
  question: AskedQuestion,
  fill: (template: Template) => string,
): void {
  const last = blocks.at(-1);
  if (grid === null) blocks.push(question);
  else if (typeof last === 'object' && 'cells' in last && last.name === grid.name) last.cells.push(question);
  else {
    const { name, title, description } = grid;
    blocks.push({ name, title: fill(title), description: fill(description), cells: [question] });
  }
}

function cacheKeyOf(
  section: Section,
  shown: readonly PlannedElement[],
  readings: ReadonlyMap<PlannedQuestion, Reading>,
): string | null {
  if (!section.hasFixedHeading) return null;
  const parts: string[] = [];
  for (const element of shown) {
    if ('question' in element) {
      const variant = readings.get(element)?.variant ?? null;
      const grid = element.grid;
      if (variant === null || (grid && pipedNames(`${grid.title} ${grid.description}`).length > 0))
        return null;
      parts.push(`${element.key}${variant}`);
    } else {
      if (pipedNames(element.text).length > 0) return null;
      parts.push(`n${section.elements.indexOf(element)}`);
    }
  }
  return parts.join();
}
