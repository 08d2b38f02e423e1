import type { ReplySchema } from '../../models/chat-model.ts';
import { answerSchema } from '../prompt/answer-schema.ts';
import type { AskedQuestion } from '../prompt/asked-question.ts';
import { type PromptBlock, writePage } from '../prompt/page-prompt.ts';
import type { Block, Template } from '../questionnaire.ts';
import type { PlannedElement, PlannedQuestion, Section } from './interview-plan.ts';
import { pipedNames } from './piping.ts';

/** What is put before a respondent at once. */
export interface PageRequest {
  readonly asked: readonly AskedQuestion[];
  readonly prompt: string;
  readonly schema: ReplySchema;
}

/** A question as it is displayed now; `variant` names the form where others see the same, and is `null` elsewhere. */
export interface Reading {
  readonly asked: AskedQuestion;
  readonly variant: string | null;
}

/** The requests of a section that are the same for everybody, by the elements that are displayed. */
const cached = new WeakMap<Section, Map<string, PageRequest>>();
/** Requests that are cached for a section; the rest are made each time. */
const maxRequests = 500;

/**
 * Prompt and schema for some of a section's elements, in the order given. `fill` puts answers into texts that need
 * them. What is the same for everybody is made once.
 *
 * @param lead texts that come before the section's own heading
 */
export function pageRequest(
  section: Section,
  lead: readonly string[],
  shown: readonly PlannedElement[],
  readings: ReadonlyMap<PlannedQuestion, Reading>,
  fill: (template: Template) => string,
): PageRequest {
  const cacheKey = cacheKeyOf(section, lead, shown, readings);
  const requests = cached.get(section) ?? new Map<string, PageRequest>();
  cached.set(section, requests);
  const known = cacheKey === null ? undefined : requests.get(cacheKey);
  if (known) return known;
  const page = new PageBlocks(fill);
  const asked: AskedQuestion[] = [];
  for (const element of shown) {
    if ('note' in element) page.addNote(element.note.text);
    else {
      const question = (readings.get(element) as Reading).asked;
      asked.push(question);
      page.addQuestion(element, question);
    }
  }
  const request: PageRequest = {
    asked,
    prompt: writePage([...lead, ...section.heading.map(fill)], page.blocks),
    schema: answerSchema(asked),
  };
  if (cacheKey !== null && requests.size < maxRequests) requests.set(cacheKey, request);
  return request;
}

/** Puts the titles of panels and grids before the first of their questions that follow each other. */
class PageBlocks {
  readonly blocks: PromptBlock[] = [];
  readonly #fill: (template: Template) => string;
  #groups: readonly Block[] = [];

  constructor(fill: (template: Template) => string) {
    this.#fill = fill;
  }

  addNote(text: Template): void {
    this.blocks.push(this.#fill(text));
  }

  addQuestion({ groups, grid }: PlannedQuestion, question: AskedQuestion): void {
    const common = groups.findIndex((group, index) => group !== this.#groups[index]);
    for (const { title, description } of common < 0 ? [] : groups.slice(common))
      this.blocks.push(this.#fill(title), this.#fill(description));
    this.#groups = groups;
    const last = this.blocks.at(-1);
    if (grid === null) this.blocks.push(question);
    else if (typeof last === 'object' && 'cells' in last && last.grid === grid) last.cells.push(question);
    else this.blocks.push({ grid, cells: [question] });
  }
}

function cacheKeyOf(
  section: Section,
  lead: readonly string[],
  shown: readonly PlannedElement[],
  readings: ReadonlyMap<PlannedQuestion, Reading>,
): string | null {
  if (isPiped(...section.heading)) return null;
  const parts: string[] = [];
  for (const element of shown) {
    if ('note' in element) {
      if (isPiped(element.note.text)) return null;
      parts.push(`n${section.elements.indexOf(element)}`);
    } else {
      const variant = readings.get(element)?.variant ?? null;
      if (variant === null || element.groups.some(({ title, description }) => isPiped(title, description)))
        return null;
      parts.push(`${element.key}${variant}`);
    }
  }
  return JSON.stringify([lead, parts]);
}

function isPiped(...texts: readonly Template[]): boolean {
  return texts.some((text) => pipedNames(text).length > 0);
}
