import type { Respondent } from '../audience/respondent.ts';
import type { ChatMessage, ChatModel, ChatReply, ChatRequest, ReplySchema } from '../models/chat-model.ts';
import { shortened } from '../text/shortened.ts';
import type { Answer, AnswerValue, Interview } from './answer.ts';
import { answerSchema } from './answer-schema.ts';
import { type AskedQuestion, shownAnswer } from './asked-question.ts';
import { isVisible } from './expressions.ts';
import {
  type InterviewPlan,
  type PlannedPage,
  type PlannedQuestion,
  planOf,
  type Sheet,
  sheetOf,
} from './interview-plan.ts';
import { fillPiping } from './piping.ts';
import {
  againPrompt,
  type GivenAnswer,
  type Misfit,
  shownReply,
  systemPrompt,
  userPrompt,
} from './prompt.ts';
import type { Note, Questionnaire, Template } from './questionnaire.ts';
import { type ReplyReading, readReply } from './read-reply.ts';

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
  /** Told each reply as it comes, for live counts. */
  readonly onCall?: ((call: InterviewCall) => void) | undefined;
}

export interface InterviewCall {
  readonly page: string;
  /** Names of the questions asked. */
  readonly questions: readonly string[];
  /** Whether it was the second asking, with the errors shown. */
  readonly again: boolean;
  readonly reply: ChatReply;
}

/** Characters of an answer that are put into another question's text. */
const maxPiped = 300;

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
  return new Conversation(planOf(questionnaire), respondent, model, options).run();
}

class Conversation {
  readonly #plan: InterviewPlan;
  readonly #respondent: Respondent;
  readonly #model: ChatModel;
  readonly #options: InterviewOptions;
  readonly #system: ChatMessage;
  /** By question name. What has no value is absent, as expressions want it. */
  readonly #values: Record<string, AnswerValue> = Object.create(null);
  readonly #answers = new Map<PlannedQuestion, Answer>();
  /** What each question's answer reads like, by question name. */
  readonly #shown = new Map<string, string>();
  readonly #given: GivenAnswer[] = [];
  readonly #returnedModels = new Set<string>();
  #inputTokens = 0;
  #outputTokens = 0;

  constructor(plan: InterviewPlan, respondent: Respondent, model: ChatModel, options: InterviewOptions) {
    this.#plan = plan;
    this.#respondent = respondent;
    this.#model = model;
    this.#options = options;
    this.#system = { role: 'system', content: systemPrompt(plan.surveyPart, respondent) };
  }

  async run(): Promise<Interview> {
    for (const page of this.#plan.pages) {
      if (isVisible(page.page.visibleIf, this.#values)) await this.#askPage(page);
    }
    return {
      respondentId: this.#respondent.id,
      answers: this.#plan.pages.flatMap(({ questions }) =>
        questions.map((planned) => this.#answers.get(planned) ?? skipped(planned)),
      ),
      requestedModel: this.#model.id,
      returnedModels: [...this.#returnedModels],
      inputTokens: this.#inputTokens,
      outputTokens: this.#outputTokens,
    };
  }

  /** In waves: a question whose conditions or texts hang on others of its page waits until those are settled. */
  async #askPage(page: PlannedPage): Promise<void> {
    const open = new Set(page.questions);
    const unread = new Set(page.elements.filter((element): element is Note => !('question' in element)));
    while (open.size > 0) {
      const ready = [...open].filter(({ hangsOn }) => !hangsOn.some((other) => open.has(other)));
      // Questions that hang on each other in a circle: somebody must come first.
      const wave = new Set(ready.length > 0 ? ready : [...open].slice(0, 1));
      for (const planned of wave) open.delete(planned);
      const asked = [...wave].filter(({ question }) => isVisible(question.visibleIf, this.#values));
      if (asked.length > 0) await this.#ask(page, asked, unread);
    }
  }

  async #ask(page: PlannedPage, asked: readonly PlannedQuestion[], unread: Set<Note>): Promise<void> {
    const sheet = sheetOf(page, this.#withNotes(page, asked, unread), this.#fill);
    const messages: ChatMessage[] = [
      this.#system,
      { role: 'user', content: userPrompt(this.#given, sheet.prompt) },
    ];
    const first = await this.#call(page, asked, messages, sheet.schema, false);
    const readings = readReply(sheet.asked, first);
    const again = asked.filter((_, index) => readings[index]?.fits === false);
    const secondReadings =
      again.length > 0 ? await this.#askAgain(page, again, sheet, readings, messages, first) : [];
    for (const [index, planned] of asked.entries()) {
      const second = secondReadings[again.indexOf(planned)];
      const reading = second ?? (readings[index] as ReplyReading);
      this.#settle(planned, sheet.asked[index] as AskedQuestion, reading, second ? 2 : 1);
    }
  }

  async #askAgain(
    page: PlannedPage,
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
    return readReply(asked, await this.#call(page, again, conversation, schema, true));
  }

  /** The questions with the unread notes that stand before them; after the page's last question, those behind it. */
  #withNotes(
    page: PlannedPage,
    asked: readonly PlannedQuestion[],
    unread: Set<Note>,
  ): (Note | PlannedQuestion)[] {
    const shown: (Note | PlannedQuestion)[] = [];
    let notes: Note[] = [];
    const read = (): void => {
      for (const note of notes) unread.delete(note);
      shown.push(...notes);
      notes = [];
    };
    for (const element of page.elements) {
      if ('question' in element) {
        if (asked.includes(element)) {
          read();
          shown.push(element);
        }
      } else if (unread.has(element) && isVisible(element.visibleIf, this.#values)) notes.push(element);
    }
    if (asked.includes(page.questions.at(-1) as PlannedQuestion)) read();
    return shown;
  }

  async #call(
    page: PlannedPage,
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
    this.#returnedModels.add(reply.returnedModel);
    this.#inputTokens += reply.inputTokens;
    this.#outputTokens += reply.outputTokens;
    onCall?.({ page: page.page.name, questions: asked.map(({ question }) => question.name), again, reply });
    return reply;
  }

  #settle(planned: PlannedQuestion, asked: AskedQuestion, reading: ReplyReading, times: number): void {
    const { name } = planned.question;
    const value = reading.fits ? reading.value : null;
    this.#answers.set(planned, {
      question: name,
      status: reading.status,
      value,
      raw: reading.raw,
      repairs: reading.fits ? reading.repairs : [],
      asked: times,
      problem: reading.fits ? null : reading.problem,
    });
    if (value !== null) {
      this.#values[name] = value;
      this.#shown.set(name, shownAnswer(asked, value));
    }
    const shown = value === null ? withoutValue[reading.status] : this.#shown.get(name);
    if (shown !== undefined) this.#given.push({ title: asked.title, shown });
  }

  readonly #fill = (template: Template): string =>
    fillPiping(template, (name) =>
      this.#plan.byName.has(name) ? shortened(this.#shown.get(name) ?? '', maxPiped) : undefined,
    );
}

/** What later pages are told of a question that was asked and has no value; nothing of what never fitted. */
const withoutValue: Partial<Record<Answer['status'], string>> = {
  answered: '(left empty)',
  refused: '(declined to answer)',
  'dont-know': "(don't know)",
};

function skipped({ question }: PlannedQuestion): Answer {
  return {
    question: question.name,
    status: 'skipped',
    value: null,
    raw: null,
    repairs: [],
    asked: 0,
    problem: null,
  };
}
