import { type Messages, messagesFor } from '../../languages/messages.ts';
import { answerStatuses } from '../../survey/answer.ts';
import { type Questionnaire, questionsOf } from '../../survey/questionnaire.ts';
import type { SurveyTaskParams } from '../../survey/survey-task.ts';
import { sha256 } from '../../text/sha256.ts';
import { shortened } from '../../text/shortened.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';
import { rounded } from '../figures.ts';
import type { SurveyFacts } from './survey-facts.ts';

/** The survey task that results come from. Times in milliseconds since 1970. */
export interface SurveyRecord {
  readonly taskId: string;
  readonly params: SurveyTaskParams;
  readonly createdAt: number;
  /** `null` while the task is unfinished. */
  readonly finishedAt: number | null;
  /** Planned number of interviews. */
  readonly totalInterviews: number;
  /** The version of Panelist. */
  readonly version: string;
}

/** One section of a methods sheet: paragraphs, then labels with values. All texts are plain. */
export interface MethodsSection {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly entries: readonly (readonly [label: string, value: string])[];
}

/** Maximum number of names in a list. */
const maxListed = 50;
/** Maximum length of a text from outside, in characters. */
const maxText = 500;

/** Describes how the results were produced, beginning with "synthetic". Texts from outside are one line each. */
export function methodsOf(record: SurveyRecord, facts: SurveyFacts): MethodsSection[] {
  const messages = messagesFor(record.params.questionnaire.locale);
  const { lead, notice } = messages.synthetic;
  return [
    { title: messages.methods.synthetic, paragraphs: [lead, notice], entries: [] },
    surveySection(record, facts, messages),
    modelSection(record, facts, messages),
    interviewSection(record, facts, messages),
    sampleSection(facts, messages),
    statusSection(facts, messages),
  ];
}

function surveySection(
  record: SurveyRecord,
  { interviews }: SurveyFacts,
  { methods: said }: Messages,
): MethodsSection {
  const { survey, questionnaire, audience } = record.params;
  const questions = questionsOf(questionnaire).length;
  return {
    title: said.survey,
    paragraphs: [],
    entries: [
      [said.title, outside(questionnaire.title) || outside(survey)],
      [said.surveyFile, outside(survey)],
      [said.audienceFile, outside(audience)],
      [said.language, outside(questionnaire.locale)],
      [said.questions, said.questionCount(questions)],
      ...leftOut(questionnaire, said),
      [said.questionnaireHash, sha256(JSON.stringify(questionnaire))],
      [said.task, outside(record.taskId)],
      [said.created, isoTime(record.createdAt)],
      [said.finished, record.finishedAt === null ? said.notFinished : isoTime(record.finishedAt)],
      [said.interviews, said.of(interviews, record.totalInterviews)],
      [said.madeWith, `Panelist ${record.version}`],
      [said.statistics, said.statisticsPage],
    ],
  };
}

/** Parts of the survey file that were left out. */
function leftOut(
  { skipped = [] }: Partial<Questionnaire>,
  said: Messages['methods'],
): MethodsSection['entries'] {
  const texts = skipped.slice(0, maxListed).map(({ path, element, reason }) => {
    const place = element === null ? path : `${path} (${element})`;
    return said.skippedAt(outside(place), outside(reason));
  });
  if (skipped.length > maxListed) texts.push(said.more(skipped.length - maxListed));
  return texts.map((text) => [said.skipped, text]);
}

function modelSection(
  { params }: SurveyRecord,
  facts: SurveyFacts,
  { methods: said }: Messages,
): MethodsSection {
  const returned = [...facts.returnedModels];
  const rest = returned.length - maxListed;
  const answered = returned
    .slice(0, maxListed)
    .map(([name, count]) => said.modelCalls(outside(name) || said.modelUnnamed, count));
  if (rest > 0) answered.push(said.more(rest));
  return {
    title: said.model,
    paragraphs: [],
    entries: [
      [said.modelAsked, outside(params.model)],
      ...(params.baseUrl === null
        ? []
        : [[said.servedAt, withoutLogin(params.baseUrl) ?? said.notShown] as const]),
      ...answered.map((text) => [said.modelAnswered, text] as const),
      [said.temperature, params.temperature === null ? said.providers : String(params.temperature)],
      [said.modelSeed, params.seed === null ? said.none : said.modelSeeds(params.seed)],
      [said.calls, said.callCount(facts.calls, facts.attempts)],
      [said.tokens, said.tokenCount(facts.inputTokens, facts.outputTokens)],
      [said.prompts, String(facts.prompts.distinct)],
      [said.promptsHash, facts.prompts.hash],
    ],
  };
}

function interviewSection(
  { params }: SurveyRecord,
  facts: SurveyFacts,
  { methods: said, run }: Messages,
): MethodsSection {
  const repairs = Array.from(facts.repairs, ([name, count]) => `${outside(name)} ${count}`).slice(
    0,
    maxListed,
  );
  return {
    title: said.asking,
    paragraphs: [],
    entries: [
      [said.askedAtOnce, said.scopes[params.ask]],
      [said.order, params.randomizeOptions ? said.randomOrder : said.fileOrder],
      [said.orderSeed, params.seed === null ? said.noSeed : String(params.seed)],
      [said.replicates, String(params.replicates)],
      [said.stored, params.freshRun === null ? said.storedUsed : said.storedUnused],
      [said.askedAgain, String(facts.askedAgain)],
      [said.repairs, repairs.length > 0 ? said.repairCounts(repairs.join(run.separator)) : said.none],
    ],
  };
}

function sampleSection(facts: SurveyFacts, { methods: said, figures }: Messages): MethodsSection {
  const { isWeighted, minWeight, maxWeight } = facts;
  const weights = isWeighted
    ? said.weightRange(rounded(minWeight, 4), rounded(maxWeight, 4))
    : said.equalWeights;
  return {
    title: said.respondents,
    paragraphs: [said.intervals(figures.intervalCovers)],
    entries: [
      [said.respondentCount, String(facts.respondents)],
      [said.weights, weights],
      [said.effectiveN, rounded(facts.effectiveN, 1)],
    ],
  };
}

function statusSection(
  { statuses }: SurveyFacts,
  { methods: said, statuses: words }: Messages,
): MethodsSection {
  return {
    title: said.statuses,
    paragraphs: [said.statusNote],
    entries: answerStatuses.map((status) => [
      words.legend(words.name[status], status),
      said.statusCount(statuses[status], words.meaning[status]),
    ]),
  };
}

function outside(text: string): string {
  return shortened(terminalSafe(text), maxText);
}

/** Removes secrets: a base URL can contain a user name and password, or a key in its query. */
function withoutLogin(url: string): string | null {
  const { protocol, host, pathname } = URL.parse(url) ?? {};
  return host === undefined ? null : outside(`${protocol}//${host}${pathname}`);
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
