import type { Theme } from '../../focus-group/theme.ts';
import { percent, rounded } from '../figures.ts';
import { plainTable } from '../plain-table.ts';
import type { Interval } from '../statistics/intervals.ts';
import type { GroupAnalysis } from './group-analysis.ts';
import type { QuestionShift } from './opinion-shift.ts';

/** An analysis for a terminal of `width` columns. */
export function analysisText(analysis: GroupAnalysis, width: number): string {
  return `${[
    participationText(analysis, width),
    lengthsText(analysis),
    shiftsText(analysis),
    likenessText(analysis),
    themesText(analysis),
    ['All intervals, 95 %: model sampling error only. The participants are synthetic: a model played them.'],
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function participationText({ participation: { speakers, gini } }: GroupAnalysis, width: number): string[] {
  const rows = speakers.map(({ name, replies, failed, words, share, medianWords }) => [
    name,
    String(replies),
    String(failed),
    String(words),
    percent(share),
    figure(medianWords, 0),
  ]);
  const heading = ['', 'replies', 'failed', 'words', 'share', 'median'];
  return [
    `Who spoke how much (Gini of the words ${figure(gini, 2)}; 0: all equally much)`,
    ...plainTable([heading, ...rows], width),
  ];
}

function lengthsText({ lengths }: GroupAnalysis): string[] {
  const { n, median, lowerQuartile, upperQuartile, longest, humanMedian, ratio } = lengths;
  return [
    `How long replies are: median ${figure(median, 0)} words, ${figure(ratio, 2)} × people's in focus groups (${humanMedian})`,
    `  n = ${n} · quartiles ${figure(lowerQuartile, 0)} and ${figure(upperQuartile, 0)} · longest ${figure(longest, 0)}`,
  ];
}

/** What the talk moved; nothing where there were not two polls. */
export function shiftsText({ shifts }: Pick<GroupAnalysis, 'shifts'>): string[] {
  if (shifts === null) return [];
  return ['What the talk moved, by the private polls before and after', ...shifts.flatMap(shiftLines)];
}

function shiftLines({ title, pairs, changed, number, choice }: QuestionShift): string[] {
  const lines = [`  ${title}`, `    ${changed} of ${pairs} changed their answer`];
  if (number !== null) {
    lines.push(
      `    mean ${figure(number.meanBefore, 2)} → ${figure(number.meanAfter, 2)} (${signed(number.difference)}${intervalText(number.interval, 2)}) · sd ${figure(number.sdBefore, 2)} → ${figure(number.sdAfter, 2)}`,
      `    ${number.nearer} came nearer to the others' mean, ${number.farther} went farther from it`,
    );
  }
  if (choice !== null)
    lines.push(`    “${choice.commonest}”: ${percent(choice.shareBefore)} → ${percent(choice.shareAfter)}`);
  return lines;
}

function likenessText({ convergence, distinctiveness }: GroupAnalysis): string[] {
  const { recognised, interval, chance } = distinctiveness;
  return [
    'How alike they sound (words in common; not opinions)',
    `  similarity of a round's replies: ${convergence.rounds.map(({ similarity }) => figure(similarity, 2)).join(' ')}`,
    `  from round to round: ${convergence.slope === null ? '–' : `${signed(convergence.slope)}${intervalText(convergence.slopeInterval, 3)}`}`,
    `  a reply is given to the right speaker: ${recognised === null ? '–' : `${percent(recognised)}${interval === null ? '' : ` [${percent(interval.low)}, ${percent(interval.high)}]`}, by chance ${percent(chance ?? 0)}`}`,
  ];
}

function themesText({ themes, themeMethod }: GroupAnalysis): string[] {
  const how = themeMethod.by === 'keywords' ? 'by counting keywords' : `found by ${themeMethod.model}`;
  return [`Themes, ${how}`, ...(themes.length === 0 ? ['  none'] : themes.flatMap(themeLines))];
}

function themeLines({ name, description, speakers, replies, quotes }: Theme): string[] {
  return [
    `  ${name}: ${speakers} participants, ${replies} replies${description === '' ? '' : `. ${description}`}`,
    ...quotes.map((quote) => `    ${quote.name} (round ${quote.round}): ${quote.text}`),
  ];
}

function figure(value: number | null, decimals: number): string {
  return value === null ? '–' : value.toFixed(decimals);
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${rounded(value, 3)}`;
}

function intervalText(interval: Interval | null, decimals: number): string {
  return interval === null
    ? ''
    : ` [${rounded(interval.low, decimals)}, ${rounded(interval.high, decimals)}]`;
}
