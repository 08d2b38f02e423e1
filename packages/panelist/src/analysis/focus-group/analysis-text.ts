import type { Theme } from '../../focus-group/turns/theme.ts';
import { type Messages, messagesFor } from '../../languages/messages.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';
import { percent, rounded } from '../figures.ts';
import { plainTable } from '../plain-table.ts';
import type { Interval } from '../statistics/intervals.ts';
import type { GroupAnalysis } from './group-analysis.ts';
import type { QuestionShift } from './opinion-shift.ts';
import { largestGini } from './participation.ts';

/** Renders an analysis for a terminal of `width` cells. */
export function analysisText(analysis: GroupAnalysis, width: number): string {
  const messages = messagesFor('en');
  return `${[
    participationText(analysis, width),
    lengthsText(analysis),
    shiftsText(analysis, messages),
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
    `Who spoke how much (Gini of the words ${figure(gini, 2)}; 0: all equally much, ${figure(largestGini(speakers.length), 2)}: one said everything)`,
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

/** How opinions changed between the polls; empty without two polls. */
export function shiftsText({ shifts }: Pick<GroupAnalysis, 'shifts'>, { group }: Messages): string[] {
  return shifts === null ? [] : [group.moved, ...shifts.flatMap((shift) => shiftLines(shift, group))];
}

function shiftLines(
  { title, pairs, changed, number, choice }: QuestionShift,
  said: Messages['group'],
): string[] {
  const lines = [`  ${terminalSafe(title)}`, `    ${said.changed(changed, pairs)}`];
  if (number !== null) {
    const { meanBefore, meanAfter, difference, interval, sdBefore, sdAfter, nearer, farther } = number;
    const moved = `${signed(difference)}${intervalText(interval, 2)}`;
    lines.push(
      `    ${said.means(figure(meanBefore, 2), figure(meanAfter, 2), moved)}${said.spread(figure(sdBefore, 2), figure(sdAfter, 2))}`,
      `    ${said.nearer(nearer, farther)}`,
    );
  }
  if (choice !== null) {
    const { commonest, shareBefore, shareAfter } = choice;
    lines.push(`    ${said.commonest(terminalSafe(commonest), percent(shareBefore), percent(shareAfter))}`);
  }
  return lines;
}

function likenessText({ convergence, distinctiveness }: GroupAnalysis): string[] {
  const { recognised, chance } = distinctiveness;
  return [
    'How alike they sound (words in common; not opinions)',
    `  similarity of a round's replies: ${convergence.rounds.map(({ similarity }) => figure(similarity, 2)).join(' ')}`,
    `  from round to round: ${convergence.slope === null ? '–' : `${signed(convergence.slope)}${intervalText(convergence.slopeInterval, 3)}`}`,
    `  a reply is given to the right speaker: ${recognised === null || chance === null ? '–' : `${percent(recognised)}; one voice for all ${percent(chance.mean)} [${percent(chance.range.low)}, ${percent(chance.range.high)}], p ${chance.p < 0.001 ? '< 0.001' : `= ${chance.p.toFixed(3)}`}`}`,
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
