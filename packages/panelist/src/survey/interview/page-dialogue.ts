import type { Respondent } from '../../audience/respondent.ts';
import type { ChatMessage, ChatModel, ChatReply, ChatRequest, ReplySchema } from '../../models/chat-model.ts';
import { hashOf } from '../../models/replies/request-hash.ts';
import type { InterviewCall } from '../answer.ts';
import { answerSchema } from '../prompt/answer-schema.ts';
import type { AskedQuestion } from '../prompt/asked-question.ts';
import { type GivenAnswer, writePageRequest } from '../prompt/page-prompt.ts';
import { type InvalidReply, quotedReply, writeRepeatRequest } from '../prompt/repeat-request.ts';
import { systemPrompt } from '../prompt/system-prompt.ts';
import { type ReplyReading, readReply } from '../reply/read-reply.ts';
import type { AnswerChecks } from './answer-checks.ts';
import { elementsToDisplay } from './elements-to-display.ts';
import type { InterviewOptions } from './interview-options.ts';
import type {
  InterviewPlan,
  PlannedElement,
  PlannedNote,
  PlannedQuestion,
  Section,
} from './interview-plan.ts';
import { type PageRequest, pageRequest } from './page-request.ts';
import type { QuestionReader } from './question-reader.ts';
import type { RespondentValues } from './respondent-values.ts';

/** What the model's reply says for one question. */
export interface PageReading {
  readonly planned: PlannedQuestion;
  readonly asked: AskedQuestion;
  readonly reading: ReplyReading;
  /** Which of the interview's calls asked it. */
  readonly calls: readonly number[];
}

/** What reads the questions and checks the answers of one interview. */
export interface DialogueParts {
  readonly values: RespondentValues;
  readonly reader: QuestionReader;
  readonly checks: AnswerChecks;
}

/** The requests to the model of one interview, and what was said so far. */
export class PageDialogue {
  readonly calls: InterviewCall[] = [];
  /** Names of the questions in the order in which they were asked. */
  readonly askedOrder: string[] = [];
  readonly #plan: InterviewPlan;
  readonly #model: ChatModel;
  readonly #options: InterviewOptions;
  readonly #values: RespondentValues;
  readonly #reader: QuestionReader;
  readonly #checks: AnswerChecks;
  readonly #system: ChatMessage;
  readonly #given: GivenAnswer[] = [];
  /** Texts of pages without a question, and texts after the last question of a page. */
  #lead: string[] = [];

  constructor(
    plan: InterviewPlan,
    respondent: Respondent,
    model: ChatModel,
    options: InterviewOptions,
    { values, reader, checks }: DialogueParts,
  ) {
    this.#plan = plan;
    this.#model = model;
    this.#options = options;
    this.#values = values;
    this.#reader = reader;
    this.#checks = checks;
    this.#system = { role: 'system', content: systemPrompt(plan.surveyPart, respondent, plan.frame) };
  }

  /** Puts texts before the next page. */
  lead(...texts: readonly string[]): void {
    this.#lead.push(...texts);
  }

  /** Quotes an answer in every later request. */
  recall(given: GivenAnswer): void {
    this.#given.push(given);
  }

  /**
   * Asks the `visible` questions that have something to ask, and the invalid answers among them once more.
   *
   * @param open the questions of the section that are not settled yet
   * @param unread texts that have not been displayed; those that are displayed now are taken out
   */
  async ask(
    section: Section,
    elements: readonly PlannedElement[],
    visible: readonly PlannedQuestion[],
    open: ReadonlySet<PlannedQuestion>,
    unread: Set<PlannedNote>,
  ): Promise<readonly PageReading[]> {
    const readings = this.#reader.readAll(visible);
    const asked = visible.filter((planned) => readings.has(planned));
    if (asked.length === 0) return [];
    const displayed = elementsToDisplay(elements, asked, open, unread, this.#values);
    const page = pageRequest(section, this.#lead, displayed, readings, this.#values.fill);
    this.#lead = [];
    const messages: ChatMessage[] = [
      this.#system,
      { role: 'user', content: writePageRequest(this.#given, page.prompt, this.#plan.frame) },
    ];
    const inOrder = displayed.filter((element) => 'question' in element);
    const callIndex = this.calls.length;
    const first = await this.#call(section, inOrder, messages, page.schema, false);
    const firstReadings = this.#checks.checked(inOrder, readReply(page.asked, first), open);
    const again = inOrder.filter((_, index) => firstReadings[index]?.fits === false);
    const secondReadings =
      again.length > 0
        ? await this.#askAgain(section, again, page, firstReadings, messages, first, open)
        : [];
    return inOrder.map((planned, index) => {
      const second = secondReadings[again.indexOf(planned)];
      const reading = second ?? (firstReadings[index] as ReplyReading);
      const calls = second ? [callIndex, callIndex + 1] : [callIndex];
      return { planned, asked: page.asked[index] as AskedQuestion, reading, calls };
    });
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
    this.calls.push({
      promptHash,
      returnedModel,
      attempts,
      inputTokens,
      outputTokens,
      ...(isEstimated === true && { isEstimated }),
      elapsedMs,
    });
    if (!again) this.askedOrder.push(...names);
    onCall?.({ page: section.name, questions: names, again, reply });
    return reply;
  }
}
