import { createHash } from 'node:crypto';
import { questionsOf } from '../../survey/questionnaire.ts';
import type { SurveyTaskParams } from '../../survey/survey-job.ts';
import { shortened } from '../../text/shortened.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';
import { rounded } from '../figures.ts';
import { INTERVAL_LABEL } from '../statistics/intervals.ts';
import { answerStatuses, statusMeaning } from './answer-statuses.ts';
import type { SurveyFacts } from './survey-facts.ts';

/** The survey task that results come from. Times in milliseconds since 1970. */
export interface SurveyRecord {
  readonly taskId: string;
  readonly params: SurveyTaskParams;
  readonly createdAt: number;
  /** `null` while the task goes on. */
  readonly finishedAt: number | null;
  /** Interviews to be held in all. */
  readonly totalInterviews: number;
  /** Of Panelist. */
  readonly version: string;
}

/** One section of a methods sheet: paragraphs, then figures with what they are called. All of it is plain text. */
export interface MethodsSection {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly entries: readonly (readonly [label: string, value: string])[];
}

/** Names that are listed one by one. */
const maxListed = 50;
/** Characters of a text from outside. */
const maxText = 500;

export const SYNTHETIC_LEAD =
  'These are synthetic data: a language model played every respondent, and nobody was interviewed.';

export const SYNTHETIC_NOTICE: string =
  'Synthetic respondents are not participants. They can differ from people in ways that no statistic here shows, and ' +
  'their answers must not be reported as answers of people. Whoever publishes them discloses the role that the ' +
  'model had (AAPOR, 2026 draft).';

/** All that has to be said of how the results came to be, "synthetic" first. Texts from outside are one line each. */
export function methodsOf(record: SurveyRecord, facts: SurveyFacts): MethodsSection[] {
  return [
    { title: 'Synthetic data', paragraphs: [SYNTHETIC_LEAD, SYNTHETIC_NOTICE], entries: [] },
    surveySection(record, facts),
    modelSection(record, facts),
    askingSection(record, facts),
    sampleSection(facts),
    statusSection(facts),
  ];
}

function surveySection(record: SurveyRecord, { interviews }: SurveyFacts): MethodsSection {
  const { survey, questionnaire, audience } = record.params;
  const questions = questionsOf(questionnaire).length;
  const finished =
    record.finishedAt === null ? 'not finished: these are the results so far' : isoTime(record.finishedAt);
  return {
    title: 'Survey',
    paragraphs: [],
    entries: [
      ['Title', outside(questionnaire.title) || outside(survey)],
      ['Survey file', outside(survey)],
      ['Audience file', outside(audience)],
      ['Language', outside(questionnaire.locale)],
      ['Questions', `${questions}, each row of a grid counted`],
      ['Questionnaire, SHA-256', sha256(JSON.stringify(questionnaire))],
      ['Task', outside(record.taskId)],
      ['Created', isoTime(record.createdAt)],
      ['Finished', finished],
      ['Interviews', `${interviews} of ${record.totalInterviews}`],
      ['Made with', `Panelist ${record.version}`],
    ],
  };
}

function modelSection({ params }: SurveyRecord, facts: SurveyFacts): MethodsSection {
  const returned = [...facts.returnedModels];
  const rest = returned.length - maxListed;
  return {
    title: 'Model',
    paragraphs: [],
    entries: [
      ['Model asked for', outside(params.model)],
      ...(params.baseUrl === null ? [] : [['Served at', withoutLogin(params.baseUrl)] as const]),
      ...returned
        .slice(0, maxListed)
        .map(
          ([name, count]) =>
            ['Model that answered', `${outside(name) || '(not told)'}: ${calls(count)}`] as const,
        ),
      ...(rest > 0 ? [['Model that answered', `${rest} more`] as const] : []),
      ['Temperature', params.temperature === null ? "the provider's own" : String(params.temperature)],
      [
        'Seed given to the model',
        params.seed === null ? 'none' : `${params.seed}, and more for each repeated persona`,
      ],
      ['Calls', `${facts.calls}, in ${facts.attempts} requests`],
      ['Tokens', `${facts.inputTokens} sent, ${facts.outputTokens} replied`],
      ['Different prompts', String(facts.prompts.distinct)],
      ['All prompts, SHA-256', facts.prompts.hash],
    ],
  };
}

function askingSection({ params }: SurveyRecord, facts: SurveyFacts): MethodsSection {
  const repairs = Array.from(facts.repairs, ([name, count]) => `${outside(name)} ${count}`).slice(
    0,
    maxListed,
  );
  const order = params.randomizeOptions
    ? "every question's options drawn by the seed; scales reversed for half; special options stay last"
    : 'as the survey file says';
  return {
    title: 'Asking',
    paragraphs: [],
    entries: [
      ['Asked at once', { question: 'one question', page: 'a page', survey: 'the whole survey' }[params.ask]],
      ['Order of options', order],
      ['Seed of every order', params.seed === null ? '0 (none was given)' : String(params.seed)],
      ['Interviews a respondent', String(params.replicates)],
      [
        'Kept answers',
        params.freshRun === null
          ? 'used where the same prompt had been answered before'
          : 'not used: everything was asked anew',
      ],
      ['Answers asked a second time', String(facts.askedAgain)],
      [
        'Repairs',
        repairs.length > 0 ? `${repairs.join(', ')} (answers; none changes what was meant)` : 'none',
      ],
    ],
  };
}

function sampleSection(facts: SurveyFacts): MethodsSection {
  const { isWeighted, minWeight, maxWeight } = facts;
  const weights = isWeighted ? `${rounded(minWeight, 4)} to ${rounded(maxWeight, 4)}` : 'all equal';
  return {
    title: 'Respondents',
    paragraphs: [
      `Every interval is labelled "${INTERVAL_LABEL}": it says how much the same model's answers would vary, and ` +
        'nothing of how far they are from people’s. More synthetic respondents make it narrower and nothing truer.',
    ],
    entries: [
      ['Synthetic respondents', String(facts.respondents)],
      ['Weights', weights],
      ['Effective n (Kish)', rounded(facts.effectiveN, 1)],
    ],
  };
}

function statusSection({ statuses }: SurveyFacts): MethodsSection {
  return {
    title: 'Answers by status',
    paragraphs: ['Nothing is dropped or filled in: every question of every interview has one of these.'],
    entries: answerStatuses.map((status) => [status, `${statuses[status]} (${statusMeaning[status]})`]),
  };
}

function outside(text: string): string {
  return shortened(terminalSafe(text), maxText);
}

function calls(count: number): string {
  return count === 1 ? '1 call' : `${count} calls`;
}

/** A base URL can hold a name and password, or a key in its query. */
function withoutLogin(url: string): string {
  const { protocol, host, pathname } = URL.parse(url) ?? {};
  return host === undefined ? '(not shown)' : outside(`${protocol}//${host}${pathname}`);
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
