import type { Messages } from '../../languages/messages.ts';
import type { OptionValue, Question, Questionnaire } from '../../survey/questionnaire.ts';
import { wrapped } from '../../text/display-width.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';
import { percent, points, rounded } from '../figures.ts';
import { plainTable } from '../plain-table.ts';
import { surveyWords } from '../survey-words.ts';
import type { Calibration, CorrectedEstimate, QuestionCalibration } from './calibrate.ts';
import type { MeanEstimate } from './prediction-powered.ts';

type Words = Messages['calibration'];

/** Below half an answer, the synthetic ones are worth next to nothing. */
const minWorth = 0.5;

/** Renders the calibration for a terminal. Texts from files and models cannot control it. */
export function renderCalibration(
  calibration: Calibration,
  questionnaire: Questionnaire,
  options: { readonly width?: number } = {},
): string {
  const said = surveyWords(questionnaire).messages.calibration;
  const width = Math.max(40, Math.floor(options.width ?? 80));
  const { verdict, beatsGuess, areLinked, questions } = calibration;
  const paragraph = (text: string): string => wrapped(text, width).join('\n');
  const summary = [
    paragraph(said.verdicts[verdict]),
    ...(beatsGuess.of > 0 ? [paragraph(said.beats(beatsGuess.questions, beatsGuess.of))] : []),
    paragraph(
      areLinked
        ? said.linked(calibration.linkedPeople, calibration.people, calibration.respondents)
        : said.notLinked,
    ),
  ].join('\n');
  const table = [
    [
      said.question,
      said.people,
      said.variance,
      said.covered,
      said.model,
      said.guess,
      said.calibrated,
      said.retest,
    ],
    ...questions.map((question) => questionRow(question)),
  ];
  const sections = [
    said.title,
    summary,
    ...(questions.length > 0
      ? [[...plainTable(withoutEmptyColumns(table), width), ...wrapped(said.notes, width)].join('\n')]
      : []),
    ...correctedSection(questions, said, width),
    ...groupsSection(questions, said, width),
  ];
  return `${sections.join('\n\n')}\n`;
}

function questionRow({ question, humanN, spread, guess, retest }: QuestionCalibration): string[] {
  const error = (value: number | null): string => {
    if (guess === null || value === null) return '–';
    return guess.measure === 'share wrong' ? percent(value) : rounded(value, 2);
  };
  return [
    terminalSafe(question.name),
    String(humanN),
    spread?.varianceRatio == null ? '–' : rounded(spread.varianceRatio, 2),
    spread === null ? '–' : percent(spread.covered),
    error(guess?.model ?? null),
    error(guess === null ? null : 'baseRate' in guess ? guess.baseRate : guess.equalShares),
    error(guess !== null && 'calibrated' in guess ? guess.calibrated : null),
    retest?.ratio == null ? '–' : percent(retest.ratio),
  ];
}

/** A column in which no row has a figure says nothing. */
function withoutEmptyColumns(table: readonly (readonly string[])[]): string[][] {
  const rows = table.slice(1);
  return table.map((row) =>
    row.filter((_, column) => column === 0 || rows.some((each) => each[column] !== '–')),
  );
}

function correctedSection(questions: readonly QuestionCalibration[], said: Words, width: number): string[] {
  const all = questions.flatMap(({ question, corrected }) =>
    corrected.map((estimate) => ({ question, estimate })),
  );
  if (all.length === 0) return [];
  const table = [
    [said.estimate, said.peopleAlone, said.correctedEstimate, said.worth],
    ...all.map(({ question, estimate }) => [
      terminalSafe(
        `${question.name}: ${estimate.of === 'mean' ? said.mean : optionText(question, estimate.of)}`,
      ),
      figure(estimate.humanOnly, estimate.of),
      figure(estimate.corrected, estimate.of),
      estimate.worth < minWorth ? '0' : rounded(estimate.worth, 0),
    ]),
  ];
  const worths = all.map(({ estimate }) => estimate.worth);
  const others = Math.max(...all.map(({ estimate }) => estimate.others));
  const [least, most] = [Math.min(...worths), Math.max(...worths)];
  const worth =
    most < minWorth ? said.worthNothing(others) : said.worthUpTo(others, rounded(least, 0), rounded(most, 0));
  return [
    [
      said.corrected,
      ...plainTable(table, width),
      ...wrapped(worth, width),
      ...wrapped(said.assumption, width),
    ].join('\n'),
  ];
}

function optionText(question: Question, value: OptionValue): string {
  const options = 'options' in question ? question.options : [];
  return options.find((option) => option.value === value)?.text || String(value);
}

function figure({ value, interval }: MeanEstimate, of: CorrectedEstimate['of']): string {
  const text = (number: number): string => (of === 'mean' ? rounded(number, 2) : percent(number));
  return interval === null ? text(value) : `${text(value)} [${text(interval.low)}, ${text(interval.high)}]`;
}

function groupsSection(questions: readonly QuestionCalibration[], said: Words, width: number): string[] {
  const rows = questions.flatMap(({ question, subgroups }) =>
    subgroups.map(({ by, group, syntheticN, humanN, meanDifference, distance, byChance }) => {
      const interval = meanDifference?.interval;
      const bounds = interval ? ` [${rounded(interval.low, 2)}, ${rounded(interval.high, 2)}]` : '';
      return [
        terminalSafe(`${question.name}, ${by} ${group}`),
        String(syntheticN),
        String(humanN),
        meanDifference !== null
          ? `${meanDifference.difference > 0 ? '+' : ''}${rounded(meanDifference.difference, 2)}${bounds}`
          : distance === null
            ? '–'
            : said.distance(points(distance).replace('+', ''), points(byChance ?? 0).replace('+', '')),
      ];
    }),
  );
  if (rows.length === 0) return [];
  const table = [[said.group, said.nSynthetic, said.nPeople, said.error], ...rows];
  return [[said.groups, ...plainTable(table, width)].join('\n')];
}
