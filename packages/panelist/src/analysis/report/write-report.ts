import type { Messages } from '../../languages/messages.ts';
import { type WriteFile, writeAtomically } from '../export/atomic-file.ts';
import { type MethodsSection, methodsOf, type SurveyRecord } from '../export/methods.ts';
import type { SurveyFacts } from '../export/survey-facts.ts';
import { rounded } from '../figures.ts';
import type { SurveySummary } from '../survey-summary.ts';
import { type SurveyWords, surveyWords } from '../survey-words.ts';
import { type Compared, comparisonParts } from './comparison-page.ts';
import { crossId, crossSections } from './cross-section.ts';
import { gridChart, gridsIn } from './grid-chart.ts';
import { type Html, html, nothing, outside } from './html.ts';
import { pageHead } from './page-head.ts';
import { consistencySection, orderSection, statusSection } from './quality-sections.ts';
import { listedTitles, questionId, questionSection } from './question-section.ts';
import { reportStyle } from './style.ts';
import type { Verbatims } from './verbatims.ts';

export interface ReportData {
  readonly record: SurveyRecord;
  readonly facts: SurveyFacts;
  readonly summary: SurveySummary;
  /** All answers in words. @default only the summary's examples are shown */
  readonly verbatims?: Verbatims | undefined;
  /** @default there is no comparison with people's answers */
  readonly compared?: Compared | undefined;
}

/**
 * Writes the report on a survey: one HTML page that loads and runs nothing, and is readable on narrow screens, in dark
 * mode, in print and by screen readers. Labels are in the survey's language if Panelist has it (English, Chinese),
 * otherwise in English. Texts from the survey and the model cannot become markup.
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

async function* pageParts({
  record,
  facts,
  summary,
  verbatims,
  compared,
}: ReportData): AsyncGenerator<string> {
  const { questionnaire, survey } = record.params;
  const title = outside(questionnaire.title) || outside(survey);
  const words = surveyWords(questionnaire);
  const { messages } = words;
  const { report, synthetic } = messages;
  const lang = languageTag(questionnaire.locale);
  const { questions, crossTables, orderEffects, consistency } = summary;
  const grids = gridsIn(questions);
  yield pageHead({ lang: messages.lang, title: report.title(title), style: reportStyle(report.printed) })
    .markup;
  yield html`<body><main>
<h1 lang="${lang}" dir="auto">${title}</h1>
<div class="notice" role="note"><p><strong>${synthetic.lead}</strong> ${synthetic.notice}</p></div>
${keyFacts(record, facts, messages)}
${contents(summary, words, lang, compared !== undefined)}
<h2 id="questions">${report.questions}</h2>
`.markup;
  for (const [place, table] of questions.entries()) {
    const grid = grids.get(place);
    if (grid !== undefined) yield gridChart(grid, words, lang).markup;
    yield questionSection(table, place + 1, words, lang, verbatims?.of(table.question.name)).markup;
  }
  if (verbatims !== undefined && verbatims.left > 0)
    yield html`<p class="soft">${report.verbatimsLeft(verbatims.left)}</p>`.markup;
  yield html`${crossSections(crossTables, words)}
${compared === undefined ? nothing : html`<h2 id="people">${report.people}</h2>${comparisonParts(compared, questionnaire)}`}
${orderSection(orderEffects, messages)}
${consistency === null ? nothing : consistencySection(consistency, messages)}
${statusSection(questions, words)}
<h2 id="methods">${messages.methods.heading}</h2>
${methodsOf(record, facts).map(methodsPart)}
</main></body></html>
`.markup;
}

function keyFacts(
  { params, finishedAt, totalInterviews }: SurveyRecord,
  { interviews, respondents, effectiveN }: SurveyFacts,
  { report }: Messages,
): Html {
  const count = interviews < totalInterviews ? report.of(interviews, totalInterviews) : String(interviews);
  const finished = finishedAt === null ? report.notFinished : new Date(finishedAt).toISOString().slice(0, 10);
  const entries = [
    [report.respondents, String(respondents)],
    [report.interviews, count],
    [report.effectiveN, rounded(effectiveN, 1)],
    [report.model, outside(params.model)],
    [report.finished, finished],
  ] as const;
  return html`<dl class="facts">${entries.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function contents(
  { questions, crossTables, consistency }: SurveySummary,
  words: SurveyWords,
  lang: string,
  isCompared: boolean,
): Html {
  const { report, quality, methods } = words.messages;
  const sections = [
    ['questions', report.questions],
    ...crossTables.map(({ by }, place) => [crossId(place + 1), report.by(outside(by))] as const),
    ...(isCompared ? [['people', report.people] as const] : []),
    ['order', quality.order],
    ...(consistency === null ? [] : [['consistency', quality.consistency] as const]),
    ['statuses', quality.statuses],
    ['methods', methods.heading],
  ] as const;
  const titles = listedTitles(
    questions.map(({ question }) => question),
    words,
  );
  return html`<nav aria-label="${report.contents}"><ol lang="${lang}">${titles.map(
    (title, place) => html`<li dir="auto"><a href="#${questionId(place + 1)}">${title}</a></li>`,
  )}</ol><p>${sections.map(([id, text]) => html`<a href="#${id}">${text}</a> `)}</p></nav>`;
}

function methodsPart({ title, paragraphs, entries }: MethodsSection): Html {
  return html`<h3>${title}</h3>${paragraphs.map((text) => html`<p>${text}</p>`)}
${entries.length === 0 ? nothing : html`<dl class="methods">${entries.map(([label, value]) => html`<dt>${label}</dt><dd dir="auto">${value}</dd>`)}</dl>`}
`;
}

/** The HTML language tag; `und` for an unknown language. */
function languageTag(locale: string): string {
  return /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(locale) ? locale : 'und';
}
