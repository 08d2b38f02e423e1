import type { Respondent } from '../../audience/respondent.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { shuffled } from '../../random/seeded-draw.ts';
import type { Answer, Interview } from '../answer.ts';
import { answerText } from '../prompt/asked-question.ts';
import { isEntryCount } from '../question-kinds/number.ts';
import type { Questionnaire } from '../questionnaire.ts';
import { AnswerChecks } from './answer-checks.ts';
import { Consequences } from './consequences.ts';
import type { InterviewOptions } from './interview-options.ts';
import type { InterviewPlan, PlannedNote, PlannedQuestion, Section } from './interview-plan.ts';
import { planOf } from './make-plan.ts';
import { PageDialogue, type PageReading } from './page-dialogue.ts';
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
  readonly #modelId: string;
  readonly #options: InterviewOptions;
  readonly #values: RespondentValues;
  readonly #consequences: Consequences;
  readonly #dialogue: PageDialogue;
  readonly #answers = new Map<PlannedQuestion, Answer>();
  /** Nothing is asked of the pages behind it: SurveyJS looks whether a survey ends when a page is left. */
  #lastPage = Number.POSITIVE_INFINITY;
  /** What triggers skip: all that is listed behind the question with the index `behind`, up to the page `to`. */
  readonly #skips: { readonly behind: number; readonly to: number }[] = [];

  constructor(plan: InterviewPlan, respondent: Respondent, model: ChatModel, options: InterviewOptions) {
    this.#plan = plan;
    this.#respondent = respondent;
    this.#options = options;
    this.#values = new RespondentValues(plan, options.now ?? Date.now());
    const reader = new QuestionReader(plan, this.#values, this.#seedOf, options);
    this.#consequences = new Consequences(plan, this.#values);
    const checks = new AnswerChecks(plan, this.#values, {
      isAsked: (planned) => this.#isAsked(planned),
      isAnswered: (planned) => this.#answers.has(planned),
    });
    const parts = { values: this.#values, reader, checks };
    this.#dialogue = new PageDialogue(plan, respondent, model, options, parts);
    this.#modelId = model.id;
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
      askedOrder: this.#dialogue.askedOrder,
      calls: this.#dialogue.calls,
      requestedModel: this.#modelId,
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
    const callsBefore = this.#dialogue.calls.length;
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
      const readings = await this.#dialogue.ask(section, elements, asked, open, unread);
      for (const reading of readings) this.#settle(reading);
      this.#follow(this.#plan.sections.length === 1 ? Math.max(...asked.map((each) => each.page)) : page);
    }
    if (this.#skips.some(({ to }) => page < to)) return;
    if (this.#dialogue.calls.length === callsBefore)
      this.#dialogue.lead(...section.heading.map(this.#values.fill));
    for (const { note } of unread)
      if (this.#values.holds(note.visibleIf)) this.#dialogue.lead(this.#values.fill(note.text));
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

  /**
   * As SurveyJS completes a survey: what is hidden by then isn't a result; a preset that nobody was asked for is one.
   */
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

  #settle({ planned, asked, reading, calls }: PageReading): void {
    const answer = settledAnswer(asked, reading, calls);
    this.#answers.set(planned, answer);
    const { value } = answer;
    this.#values.set(planned.question, value ?? undefined);
    const shown =
      value === null ? recalledWithoutValue(answer.status, this.#plan.frame) : answerText(asked, value);
    if (shown !== undefined) this.#dialogue.recall({ title: asked.fullTitle, shown });
  }

  readonly #seedOf = (what: string): string =>
    JSON.stringify([this.#options.orderSeed ?? '', this.#respondent.id, this.#options.replicate ?? 0, what]);
}
