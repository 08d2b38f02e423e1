import { type WriteFile, writeAtomically } from '../export/atomic-file.ts';
import {
  type MethodsSection,
  methodsOf,
  type SurveyRecord,
  SYNTHETIC_LEAD,
  SYNTHETIC_NOTICE,
} from '../export/methods.ts';
import type { SurveyFacts } from '../export/survey-facts.ts';
import { rounded } from '../figures.ts';
import type { SurveySummary } from '../survey-summary.ts';
import { type SurveyWords, surveyWords } from '../survey-words.ts';
import { type Html, html, nothing, outside } from './html.ts';
import { pageHead } from './page-head.ts';
import { consistencySection, orderSection, statusSection } from './quality-sections.ts';
import { questionId, questionSection, titleOf } from './question-section.ts';
import { style } from './style.ts';

export interface ReportData {
  readonly record: SurveyRecord;
  readonly facts: SurveyFacts;
  readonly summary: SurveySummary;
}

/**
 * Writes the report on a survey: one HTML page that loads nothing and runs nothing, readable on narrow screens, in the
 * dark, in print and by screen readers. Whatever texts the survey and the model hold, they stay texts.
 *
 * @throws PanelistError `FILE_NOT_WRITABLE`
 */
export async function writeReport(
  path: string,
  data: ReportData,
  write: WriteFile = writeAtomically,
): Promise<void> {
  await write(path, pageParts(data));
}

async function* pageParts({ record, facts, summary }: ReportData): AsyncGenerator<string> {
  const { questionnaire, survey } = record.params;
  const title = outside(questionnaire.title) || outside(survey);
  const words = surveyWords(questionnaire);
  const lang = languageTag(questionnaire.locale);
  const { questions, orderEffects, consistency } = summary;
  yield pageHead({ lang: 'en', title: `${title} (synthetic data)`, style }).markup;
  yield html`<body><main>
<h1 lang="${lang}" dir="auto">${title}</h1>
<div class="notice" role="note"><p><strong>${SYNTHETIC_LEAD}</strong> ${SYNTHETIC_NOTICE}</p></div>
${keyFacts(record, facts)}
${contents(summary, words, lang)}
<h2 id="questions">Questions</h2>
`.markup;
  for (const [place, table] of questions.entries())
    yield questionSection(table, place + 1, words, lang).markup;
  yield html`${orderSection(orderEffects)}
${consistency === null ? nothing : consistencySection(consistency)}
${statusSection(questions, words)}
<h2 id="methods">Methods</h2>
${methodsOf(record, facts).map(methodsPart)}
</main></body></html>
`.markup;
}

function keyFacts({ params, finishedAt, totalInterviews }: SurveyRecord, facts: SurveyFacts): Html {
  const held = `${facts.interviews}${facts.interviews < totalInterviews ? ` of ${totalInterviews}` : ''}`;
  const entries = [
    ['Synthetic respondents', String(facts.respondents)],
    ['Interviews', held],
    ['Effective n (Kish)', rounded(facts.effectiveN, 1)],
    ['Model asked for', outside(params.model)],
    ['Finished', finishedAt === null ? 'not yet' : new Date(finishedAt).toISOString().slice(0, 10)],
  ] as const;
  return html`<dl class="facts">${entries.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function contents({ questions, consistency }: SurveySummary, words: SurveyWords, lang: string): Html {
  const sections = [
    ['questions', 'Questions'],
    ['order', 'Order of options'],
    ...(consistency === null ? [] : [['consistency', 'Consistency']]),
    ['statuses', 'Answers by status'],
    ['methods', 'Methods'],
  ] as const;
  return html`<nav aria-label="Contents"><ol lang="${lang}">${questions.map(
    ({ question }, place) =>
      html`<li dir="auto"><a href="#${questionId(place + 1)}">${titleOf(question, words)}</a></li>`,
  )}</ol><p>${sections.map(([id, text]) => html`<a href="#${id as string}">${text as string}</a> `)}</p></nav>`;
}

function methodsPart({ title, paragraphs, entries }: MethodsSection): Html {
  return html`<h3>${title}</h3>${paragraphs.map((text) => html`<p>${text}</p>`)}
${entries.length === 0 ? nothing : html`<dl class="methods">${entries.map(([label, value]) => html`<dt>${label}</dt><dd dir="auto">${value}</dd>`)}</dl>`}
`;
}

/** A language as HTML has it; `und` for one that is not known. */
function languageTag(locale: string): string {
  return /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(locale) ? locale : 'und';
}
