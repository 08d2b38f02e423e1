import type { Respondent } from '../audience/respondent.ts';
import type { ChatMessage, ChatModel, ChatReply, ChatRequest, ReplySchema } from '../models/chat-model.ts';
import { requestHash } from '../models/request-hash.ts';
import { shuffled } from '../random/seeded-draw.ts';
import type { Answer, Interview, InterviewCall } from './answer.ts';
import { answerSchema } from './answer-schema.ts';
import { type AskedQuestion, shownAnswer } from './asked-question.ts';
import { compute, isVisible } from './expressions.ts';
import {
  type AskScope,
  flattened,
  type InterviewPlan,
  type PlannedElement,
  type PlannedQuestion,
  planOf,
  type Section,
} from './interview-plan.ts';
import {
  againPrompt,
  type GivenAnswer,
  type Misfit,
  shownReply,
  systemPrompt,
  userPrompt,
} from './prompt.ts';
import { QuestionReader } from './question-reader.ts';
import type { Note, Questionnaire } from './questionnaire.ts';
import { type ReplyReading, readReply } from './read-reply.ts';
import { RespondentValues } from './respondent-values.ts';
import { settledAnswer, shownWithoutValue, skippedAnswer } from './settled-answer.ts';
import { type Sheet, sheetOf } from './sheet.ts';
import { Consequences } from './triggers.ts';

/** What goes with every request of an interview; it is part of what determines the answers. */
export interface ModelParameters {
  /** @default the provider's */
  readonly temperature?: number | undefined;
  /** Tokens a reply may have. @default the provider's */
  readonly maxOutputTokens?: number | undefined;
  /** Passed to providers that know one. */
  readonly seed?: number | undefined;
}

export interface InterviewOptions {
  readonly signal: AbortSignal;
  readonly parameters?: ModelParameters | undefined;
  /** Tells repeated interviews of the same respondent apart. @default 0 */
  readonly replicate?: number | undefined;
  /** How much is asked at once; what hangs on answers is asked after them in any case. @default 'page' */
  readonly ask?: AskScope | undefined;
  /** Orders every question's options by the seed: shuffled, or for a scale reversed for half. @default false */
  readonly randomizeOptions?: boolean | undefined;
  /** What every order is drawn by, with the respondent's id, the replicate and what is ordered. @default '' */
  readonly orderSeed?: string | undefined;
  /** Told each reply as it comes, for live counts. */
  readonly onCall?: ((call: InterviewProgress) => void) | undefined;
}

export interface InterviewProgress {
  readonly page: string;
  /** Names of the questions asked. */
  readonly questions: readonly string[];
  /** Whether it was the second asking, with the errors shown. */
  readonly again: boolean;
  readonly reply: ChatReply;
}

/**
 * Interviews one respondent: page by page, asking what is visible with the answers so far in context, and what does
 * not fit once more with the error shown. The same arguments give the same requests, byte for byte, as long as the
 * replies are the same.
 *
 * Rejects with the model's error, or the signal's reason; nothing is half-answered then: whoever keeps replies can
 * replay them and start again.
 */
export function interview(
  questionnaire: Questionnaire,
  respondent: Respondent,
  model: ChatModel,
  options: InterviewOptions,
): Promise<Interview> {
  return new Conversation(planOf(questionnaire, options.ask ?? 'page'), respondent, model, options).run();
}

class Conversation {
  readonly #plan: InterviewPlan;
  readonly #respondent: Respondent;
  readonly #model: ChatModel;
  readonly #options: InterviewOptions;
  readonly #system: ChatMessage;
  readonly #reader: QuestionReader;
  readonly #values: RespondentValues;
  readonly #consequences: Consequences;
  readonly #answers = new Map<PlannedQuestion, Answer>();
  readonly #given: GivenAnswer[] = [];
  readonly #calls: InterviewCall[] = [];
  readonly #askedOrder: string[] = [];
  /** Nothing is asked of the pages behind it: SurveyJS looks whether a survey ends when a page is left. */
  #lastPage = Number.POSITIVE_INFINITY;

  constructor(plan: InterviewPlan, respondent: Respondent, model: ChatModel, options: InterviewOptions) {
    this.#plan = plan;
    this.#respondent = respondent;
    this.#model = model;
    this.#options = options;
    this.#system = { role: 'system', content: systemPrompt(plan.surveyPart, respondent) };
    this.#values = new RespondentValues(plan);
    this.#reader = new QuestionReader(this.#values, this.#seedOf, options.randomizeOptions ?? false);
    this.#consequences = new Consequences(plan.questionnaire, this.#values);
  }

  async run(): Promise<Interview> {
    this.#follow(0);
    for (const [index, section] of this.#plan.sections.entries()) {
      if (index <= this.#lastPage && isVisible(section.visibleIf, this.#values.data)) {
        await this.#askSection(section, index);
      }
    }
    const { temperature = null, seed = null } = this.#options.parameters ?? {};
    return {
      respondentId: this.#respondent.id,
      answers: this.#plan.questions.map(
        (planned) => this.#answers.get(planned) ?? skippedAnswer(planned.question),
      ),
      computed: this.#consequences.results(),
      askedOrder: this.#askedOrder,
      calls: this.#calls,
      requestedModel: this.#model.id,
      parameters: { temperature, seed },
    };
  }

  /** In waves: a question whose conditions or texts hang on others of its section waits until those are settled. */
  async #askSection(section: Section, page: number): Promise<void> {
    const elements = section.isRandom
      ? flattened(section.parts, (items, name) => shuffled(items, this.#seedOf(`elements of ${name}`)))
      : section.elements;
    const questions = elements.filter((element) => 'question' in element);
    const open = new Set(questions);
    const unread = new Set(elements.filter((element): element is Note => !('question' in element)));
    while (open.size > 0) {
      const ready = [...open].filter(({ hangsOn }) => !hangsOn.some((other) => open.has(other)));
      // Questions that hang on each other in a circle: somebody must come first.
      const wave = ready.length > 0 ? ready : [...open].slice(0, 1);
      if (this.#options.ask === 'question') wave.length = 1;
      for (const planned of wave) open.delete(planned);
      const asked = wave.filter((planned) => this.#isAsked(planned));
      if (asked.length === 0) continue;
      await this.#ask(section, elements, asked, unread);
      this.#follow(this.#plan.sections.length === 1 ? Math.max(...asked.map((each) => each.page)) : page);
    }
  }

  #isAsked({ question, page }: PlannedQuestion): boolean {
    return (
      page <= this.#lastPage && isVisible([...question.visibleIf, ...question.enableIf], this.#values.data)
    );
  }

  /** What the answers bring about. A survey that ends, ends with the page that is being asked. */
  #follow(page: number): void {
    if (this.#consequences.follow().length > 0) this.#lastPage = Math.min(this.#lastPage, page);
  }

  async #ask(
    section: Section,
    elements: readonly PlannedElement[],
    visible: readonly PlannedQuestion[],
    unread: Set<Note>,
  ): Promise<void> {
    const readings = this.#reader.readAll(visible);
    const asked = visible.filter((planned) => readings.has(planned));
    if (asked.length === 0) return;
    const sheet = sheetOf(section, this.#withNotes(elements, asked, unread), readings, this.#values.fill);
    const messages: ChatMessage[] = [
      this.#system,
      { role: 'user', content: userPrompt(this.#given, sheet.prompt) },
    ];
    const callIndex = this.#calls.length;
    const first = await this.#call(section, asked, messages, sheet.schema, false);
    const firstReadings = this.#checked(asked, readReply(sheet.asked, first));
    const again = asked.filter((_, index) => firstReadings[index]?.fits === false);
    const secondReadings =
      again.length > 0 ? await this.#askAgain(section, again, sheet, firstReadings, messages, first) : [];
    for (const [index, planned] of asked.entries()) {
      const second = secondReadings[again.indexOf(planned)];
      const reading = second ?? (firstReadings[index] as ReplyReading);
      const calls = second ? [callIndex, callIndex + 1] : [callIndex];
      this.#settle(planned, sheet.asked[index] as AskedQuestion, reading, calls);
    }
  }

  async #askAgain(
    section: Section,
    again: readonly PlannedQuestion[],
    sheet: Sheet,
    readings: readonly ReplyReading[],
    messages: readonly ChatMessage[],
    first: ChatReply,
  ): Promise<ReplyReading[]> {
    const misfits: Misfit[] = [];
    for (const [index, reading] of readings.entries()) {
      if (!reading.fits)
        misfits.push({ asked: sheet.asked[index] as AskedQuestion, problem: reading.problem });
    }
    const asked = misfits.map((misfit) => misfit.asked);
    const conversation: ChatMessage[] = [
      ...messages,
      { role: 'assistant', content: shownReply(first.text) },
      { role: 'user', content: againPrompt(misfits) },
    ];
    const schema = asked.length === sheet.asked.length ? sheet.schema : answerSchema(asked);
    const reply = await this.#call(section, again, conversation, schema, true);
    return this.#checked(again, readReply(asked, reply));
  }

  /** What fits is put among the values, and is a misfit after all where one of its question's checks then fails. */
  #checked(asked: readonly PlannedQuestion[], readings: readonly ReplyReading[]): ReplyReading[] {
    const before = asked.map(({ question }) => this.#values.at(question));
    for (const [index, { question }] of asked.entries()) {
      const reading = readings[index];
      if (reading?.fits) this.#values.set(question, reading.value ?? undefined);
    }
    return readings.map((reading, index): ReplyReading => {
      const { question } = asked[index] as PlannedQuestion;
      if (!reading.fits || reading.value === null) return reading;
      const failing = question.checks.find(({ expression }) =>
        isFalse(compute(expression, this.#values.data)),
      );
      if (failing === undefined) return reading;
      const problem = this.#values.fill(failing.message);
      this.#values.set(question, before[index]);
      return { fits: false, status: 'invalid', problem, raw: reading.raw };
    });
  }

  /** The questions with the unread notes that stand before them; after the last question, those behind it. */
  #withNotes(
    elements: readonly PlannedElement[],
    asked: readonly PlannedQuestion[],
    unread: Set<Note>,
  ): PlannedElement[] {
    const shown: PlannedElement[] = [];
    let notes: Note[] = [];
    let last: PlannedQuestion | undefined;
    const read = (): void => {
      for (const note of notes) unread.delete(note);
      shown.push(...notes);
      notes = [];
    };
    const now = new Set(asked);
    for (const element of elements) {
      if ('question' in element) {
        last = element;
        if (now.has(element)) {
          read();
          shown.push(element);
        }
      } else if (unread.has(element) && isVisible(element.visibleIf, this.#values.data)) notes.push(element);
    }
    if (last !== undefined && now.has(last)) read();
    return shown;
  }

  async #call(
    section: Section,
    asked: readonly PlannedQuestion[],
    messages: readonly ChatMessage[],
    replySchema: ReplySchema,
    again: boolean,
  ): Promise<ChatReply> {
    const { signal, parameters = {}, replicate = 0, onCall } = this.#options;
    signal.throwIfAborted();
    const { temperature, maxOutputTokens, seed } = parameters;
    const request: ChatRequest = { messages, replySchema, temperature, maxOutputTokens, seed, replicate };
    const reply = await this.#model.reply(request, { signal });
    const names = asked.map(({ question }) => question.name);
    const { returnedModel, attempts = 1, inputTokens, outputTokens, elapsedMs } = reply;
    const promptHash = requestHash(this.#model.id, request);
    this.#calls.push({ promptHash, returnedModel, attempts, inputTokens, outputTokens, elapsedMs });
    if (!again) this.#askedOrder.push(...names);
    onCall?.({ page: section.name, questions: names, again, reply });
    return reply;
  }

  #settle(
    planned: PlannedQuestion,
    asked: AskedQuestion,
    reading: ReplyReading,
    calls: readonly number[],
  ): void {
    const answer = settledAnswer(asked, reading, calls);
    this.#answers.set(planned, answer);
    const { value } = answer;
    const shown = value === null ? shownWithoutValue(answer.status) : shownAnswer(asked, value);
    this.#values.set(planned.question, value ?? undefined, shown);
    if (shown !== undefined) this.#given.push({ title: asked.fullTitle, shown });
  }

  readonly #seedOf = (what: string): string =>
    JSON.stringify([this.#options.orderSeed ?? '', this.#respondent.id, this.#options.replicate ?? 0, what]);
}

/** What yields nothing, since what it reads is unanswered, is not false. */
function isFalse(result: unknown): boolean {
  return result !== undefined && result !== null && !result;
}
