import type { Respondent } from '../../audience/respondent.ts';
import type { ChatMessage, ChatModel, ChatReply, ChatRequest, ReplySchema } from '../../models/chat-model.ts';
import { hashOf } from '../../models/replies/request-hash.ts';
import { shuffled } from '../../random/seeded-draw.ts';
import type { Answer, Interview, InterviewCall } from '../answer.ts';
import { answerSchema } from '../prompt/answer-schema.ts';
import { type AskedQuestion, answerText } from '../prompt/asked-question.ts';
import { type GivenAnswer, writePageRequest } from '../prompt/page-prompt.ts';
import { type InvalidReply, quotedReply, writeRepeatRequest } from '../prompt/repeat-request.ts';
import { systemPrompt } from '../prompt/system-prompt.ts';
import { isEntryCount } from '../question-kinds/number.ts';
import type { Questionnaire } from '../questionnaire.ts';
import { type ReplyReading, readReply } from '../reply/read-reply.ts';
import { AnswerChecks } from './answer-checks.ts';
import { Consequences } from './consequences.ts';
import { elementsToDisplay } from './elements-to-display.ts';
import type {
  AskScope,
  InterviewPlan,
  PlannedElement,
  PlannedNote,
  PlannedQuestion,
  Section,
} from './interview-plan.ts';
import { planOf } from './make-plan.ts';
import { type PageRequest, pageRequest } from './page-request.ts';
import { flattened } from './plan-order.ts';
import { QuestionReader } from './question-reader.ts';
import { RespondentValues } from './respondent-values.ts';
import {
  hiddenAnswer,
  presetAnswer,
  recalledWithoutValue,
  settledAnswer,
  skippedAnswer,
} from './settled-answer.ts';

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
  /** How much is asked at once; what depends on answers is asked after them in any case. @default 'page' */
  readonly ask?: AskScope | undefined;
  /** Orders every question's options by the seed: shuffled, or for a scale reversed for half. @default false */
  readonly randomizeOptions?: boolean | undefined;
  /** What every order is drawn by, with the respondent's id, the replicate and what is ordered. @default '' */
  readonly orderSeed?: string | undefined;
  /**
   * The moment that `today()` and its like count from, in milliseconds since 1970: a resumed interview needs the one
   * that it began with. @default now
   */
  readonly now?: number | undefined;
  /** Called with each reply as it comes, for live counts. */
  readonly onCall?: ((call: InterviewProgress) => void) | undefined;
}

export interface InterviewProgress {
  readonly page: string;
  /** Names of the questions asked. */
  readonly questions: readonly string[];
  /** Whether it was the repeat request, which quotes the errors. */
  readonly again: boolean;
  readonly reply: ChatReply;
}

/**
 * Interviews one respondent: page by page, asking what is visible with the answers so far in context, and what does
 * not fit once more with the error quoted. The same arguments give the same requests, byte for byte, as long as the
 * replies are the same.
 *
 * Rejects with the model's error, or the signal's reason. Nothing of the interview is returned then: the replies are
 * stored, so the caller can start again and replay them.
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
  readonly #checks: AnswerChecks;
  readonly #answers = new Map<PlannedQuestion, Answer>();
  readonly #given: GivenAnswer[] = [];
  readonly #calls: InterviewCall[] = [];
  readonly #askedOrder: string[] = [];
  /** Texts of pages without a question, and texts after the last question of a page. */
  #lead: string[] = [];
  /** Nothing is asked of the pages behind it: SurveyJS looks whether a survey ends when a page is left. */
  #lastPage = Number.POSITIVE_INFINITY;
  /** What triggers skip: all that is listed behind the question with the index `behind`, up to the page `to`. */
  readonly #skips: { readonly behind: number; readonly to: number }[] = [];

  constructor(plan: InterviewPlan, respondent: Respondent, model: ChatModel, options: InterviewOptions) {
    this.#plan = plan;
    this.#respondent = respondent;
    this.#model = model;
    this.#options = options;
    this.#system = { role: 'system', content: systemPrompt(plan.surveyPart, respondent, plan.frame) };
    this.#values = new RespondentValues(plan, options.now ?? Date.now());
    this.#reader = new QuestionReader(plan, this.#values, this.#seedOf, options.randomizeOptions ?? false);
    this.#consequences = new Consequences(plan, this.#values);
    this.#checks = new AnswerChecks(plan, this.#values, {
      isAsked: (planned) => this.#isAsked(planned),
      isAnswered: (planned) => this.#answers.has(planned),
    });
  }

  async run(): Promise<Interview> {
    this.#follow(0);
    for (const [index, section] of this.#plan.sections.entries()) {
      if (index > this.#lastPage || !this.#values.holds(section.visibleIf)) continue;
      this.#values.showPage(index);
      await this.#askSection(section, index);
    }
    const { temperature = null, seed = null } = this.#options.parameters ?? {};
    return {
      respondentId: this.#respondent.id,
      answers: this.#plan.questions.map((planned) => this.#final(planned)),
      computed: this.#consequences.results(),
      askedOrder: this.#askedOrder,
      calls: this.#calls,
      requestedModel: this.#model.id,
      parameters: { temperature, seed },
    };
  }

  /** In waves: a question whose conditions or texts depend on others of its section waits until those are settled. */
  async #askSection(section: Section, page: number): Promise<void> {
    const elements = section.isRandom
      ? flattened(section.parts, (items, name) => shuffled(items, this.#seedOf(`elements of ${name}`)))
      : section.elements;
    const open = new Set(elements.filter((element) => 'question' in element));
    const unread = new Set(elements.filter((element): element is PlannedNote => 'note' in element));
    const callsBefore = this.#calls.length;
    while (open.size > 0) {
      const ready = [...open].filter(({ dependsOn }) => !dependsOn.some((other) => open.has(other)));
      // Questions that depend on each other in a circle: one of them must come first.
      const wave = ready.length > 0 ? ready : [...open].slice(0, 1);
      // What is not asked holds up nothing: what waits for it is asked in its place, not after what follows it.
      const notAsked = wave.filter((planned) => !this.#isAsked(planned));
      for (const planned of notAsked) open.delete(planned);
      if (notAsked.length > 0) continue;
      const asked = this.#options.ask === 'question' ? wave.slice(0, 1) : wave;
      for (const planned of asked) open.delete(planned);
      await this.#ask(section, elements, asked, open, unread);
      this.#follow(this.#plan.sections.length === 1 ? Math.max(...asked.map((each) => each.page)) : page);
    }
    if (this.#skips.some(({ to }) => page < to)) return;
    if (this.#calls.length === callsBefore) this.#lead.push(...section.heading.map(this.#values.fill));
    for (const { note } of unread)
      if (this.#values.holds(note.visibleIf)) this.#lead.push(this.#values.fill(note.text));
  }

  #isAsked({ question, page, index }: PlannedQuestion): boolean {
    return (
      !this.#skips.some(({ behind, to }) => index > behind && page < to) &&
      page <= this.#lastPage &&
      this.#values.holds([...question.visibleIf, ...question.enableIf])
    );
  }

  /** What the answers bring about. A survey that ends, ends with the page that is being asked. */
  #follow(page: number): void {
    for (const trigger of this.#consequences.follow((planned) => this.#answers.has(planned))) {
      const to = this.#plan.byName.get(trigger.to.toLowerCase())?.page ?? 0;
      // A person has answered everything before the question that skips, entries of a list too.
      const reads = this.#plan.readBySkips.get(trigger) ?? [];
      const behind = Math.max(-1, ...reads.filter((each) => each.page <= page).map(({ index }) => index));
      if (to > page) this.#skips.push({ behind, to });
    }
    // As long as the page is not left, its other answers can still change that.
    this.#lastPage = this.#consequences.endsSurvey()
      ? Math.min(this.#lastPage, page)
      : Number.POSITIVE_INFINITY;
    if (this.#plan.questionnaire.clearInvisibleValues === 'onHidden') this.#clearHidden();
  }

  /** A value goes with its question, and its default comes back with it. */
  #clearHidden(): void {
    for (const planned of this.#plan.questions) {
      const { question } = planned;
      const value = this.#values.at(question);
      if (!this.#isVisible(planned)) {
        if (value === undefined) continue;
        this.#values.set(question, undefined);
        const answer = this.#answers.get(planned);
        if (answer !== undefined) this.#answers.set(planned, hiddenAnswer(answer, this.#plan.frame));
      } else if (value === undefined && question.defaultValue !== null && !this.#answers.has(planned))
        this.#values.set(question, question.defaultValue);
    }
  }

  #isVisible({ question, page }: PlannedQuestion): boolean {
    const visibleIf = this.#plan.questionnaire.pages[page]?.visibleIf ?? [];
    return this.#values.holds([...visibleIf, ...question.visibleIf]);
  }

  /** As SurveyJS completes a survey: what is hidden by then isn't a result; a preset that nobody was asked for is one. */
  #final(planned: PlannedQuestion): Answer {
    const answer = this.#answers.get(planned);
    const isResult = this.#plan.questionnaire.clearInvisibleValues === 'none' || this.#isVisible(planned);
    if (answer !== undefined) {
      if (isResult || answer.value === null) return answer;
      return hiddenAnswer(answer, this.#plan.frame);
    }
    const { question } = planned;
    const isData = !isEntryCount(question);
    const preset = isResult && isData ? this.#values.at(question) : undefined;
    return preset === undefined ? skippedAnswer(question) : presetAnswer(question, preset);
  }

  async #ask(
    section: Section,
    elements: readonly PlannedElement[],
    visible: readonly PlannedQuestion[],
    open: ReadonlySet<PlannedQuestion>,
    unread: Set<PlannedNote>,
  ): Promise<void> {
    const readings = this.#reader.readAll(visible);
    const asked = visible.filter((planned) => readings.has(planned));
    if (asked.length === 0) return;
    const displayed = elementsToDisplay(elements, asked, open, unread, this.#values);
    const page = pageRequest(section, this.#lead, displayed, readings, this.#values.fill);
    this.#lead = [];
    const messages: ChatMessage[] = [
      this.#system,
      { role: 'user', content: writePageRequest(this.#given, page.prompt, this.#plan.frame) },
    ];
    const inOrder = displayed.filter((element) => 'question' in element);
    const callIndex = this.#calls.length;
    const first = await this.#call(section, inOrder, messages, page.schema, false);
    const firstReadings = this.#checks.checked(inOrder, readReply(page.asked, first), open);
    const again = inOrder.filter((_, index) => firstReadings[index]?.fits === false);
    const secondReadings =
      again.length > 0
        ? await this.#askAgain(section, again, page, firstReadings, messages, first, open)
        : [];
    for (const [index, planned] of inOrder.entries()) {
      const second = secondReadings[again.indexOf(planned)];
      const reading = second ?? (firstReadings[index] as ReplyReading);
      const calls = second ? [callIndex, callIndex + 1] : [callIndex];
      this.#settle(planned, page.asked[index] as AskedQuestion, reading, calls);
    }
  }

  async #askAgain(
    section: Section,
    again: readonly PlannedQuestion[],
    page: PageRequest,
    readings: readonly ReplyReading[],
    messages: readonly ChatMessage[],
    first: ChatReply,
    open: ReadonlySet<PlannedQuestion>,
  ): Promise<ReplyReading[]> {
    const invalid: InvalidReply[] = [];
    for (const [index, reading] of readings.entries()) {
      if (!reading.fits)
        invalid.push({ asked: page.asked[index] as AskedQuestion, problem: reading.problem });
    }
    const asked = invalid.map((each) => each.asked);
    const conversation: ChatMessage[] = [
      ...messages,
      { role: 'assistant', content: quotedReply(first.text, this.#plan.frame) },
      { role: 'user', content: writeRepeatRequest(invalid, this.#plan.frame) },
    ];
    const schema = asked.length === page.asked.length ? page.schema : answerSchema(asked);
    const reply = await this.#call(section, again, conversation, schema, true);
    return this.#checks.checked(again, readReply(asked, reply), open);
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
    const { returnedModel, attempts = 1, inputTokens, outputTokens, isEstimated, elapsedMs } = reply;
    const promptHash = hashOf(this.#model, request);
    this.#calls.push({
      promptHash,
      returnedModel,
      attempts,
      inputTokens,
      outputTokens,
      ...(isEstimated === true && { isEstimated }),
      elapsedMs,
    });
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
    this.#values.set(planned.question, value ?? undefined);
    const shown =
      value === null ? recalledWithoutValue(answer.status, this.#plan.frame) : answerText(asked, value);
    if (shown !== undefined) this.#given.push({ title: asked.fullTitle, shown });
  }

  readonly #seedOf = (what: string): string =>
    JSON.stringify([this.#options.orderSeed ?? '', this.#respondent.id, this.#options.replicate ?? 0, what]);
}
