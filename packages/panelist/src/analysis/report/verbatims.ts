import { kindOf } from '../../survey/question-kinds/index.ts';
import { type Questionnaire, questionsOf } from '../../survey/questionnaire.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { type Html, html, nothing, outside } from './html.ts';

export interface Verbatim {
  readonly respondentId: string;
  readonly text: string;
}

/** What is kept of a survey's texts: a page with more than some megabytes is slow to open. */
const MAX_CHARS = 4_000_000;
/** Answers on one page. */
const PAGE = 50;

/** Collects the answers in words, in the order of the results, for the report. */
export class Verbatims {
  readonly #ofQuestion: ReadonlyMap<string, Verbatim[]>;
  #chars = 0;
  #left = 0;

  constructor(questionnaire: Questionnaire) {
    const texts = questionsOf(questionnaire).filter((question) => kindOf(question).answerForm === 'text');
    this.#ofQuestion = new Map(texts.map(({ name }) => [name, []]));
  }

  /** How many answers were not kept, for all questions together, since there were too many characters. */
  get left(): number {
    return this.#left;
  }

  add({ respondent, interview }: SurveyResult): void {
    for (const { question, status, value } of interview.answers) {
      const list = this.#ofQuestion.get(question);
      if (list === undefined || status !== 'answered' || typeof value !== 'string') continue;
      const text = outside(value);
      this.#chars += text.length + respondent.id.length;
      if (this.#chars > MAX_CHARS) this.#left += 1;
      else list.push({ respondentId: respondent.id, text });
    }
  }

  of(question: string): readonly Verbatim[] {
    return this.#ofQuestion.get(question) ?? [];
  }
}

/** All answers in words, in pages that are opened one by one; `nothing` where there are none. */
export function verbatimPages(
  verbatims: readonly Verbatim[],
  range: (from: number, to: number, all: number) => string,
  lang: string,
): Html {
  if (verbatims.length === 0) return nothing;
  const pages = Array.from({ length: Math.ceil(verbatims.length / PAGE) }, (_, page) =>
    verbatims.slice(page * PAGE, (page + 1) * PAGE),
  );
  return html`${pages.map(
    (
      texts,
      page,
    ) => html`<details class="verbatims"><summary>${range(page * PAGE + 1, page * PAGE + texts.length, verbatims.length)}</summary>
<ol start="${page * PAGE + 1}">${texts.map(
      ({
        respondentId,
        text,
      }) => html`<li lang="${lang}" dir="auto">${text} <span class="soft">${outside(respondentId)}</span></li>
`,
    )}</ol></details>`,
  )}`;
}
