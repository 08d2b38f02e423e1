import type { Theme } from '../../../focus-group/turns/theme.ts';
import type { FocusGroupTexts } from '../../../languages/messages.ts';
import { percent } from '../../figures.ts';
import { type FiguresRow, figuresTable } from '../../report/figures-table.ts';
import { type Html, html, nothing, outside } from '../../report/html.ts';
import type { Interval } from '../../statistics/intervals.ts';
import type { GroupAnalysis } from '../group-analysis.ts';
import type { QuestionShift } from '../opinion-shift.ts';
import { largestGini } from '../participation.ts';

export function participationSection(
  { participation: { speakers, gini } }: GroupAnalysis,
  texts: FocusGroupTexts,
): Html {
  const most = Math.max(...speakers.map(({ share }) => share), 0);
  const rows = speakers.map(
    ({ name, share, words, replies, failed, medianWords }): FiguresRow => ({
      heading: outside(name),
      drawn: most === 0 ? 0 : share / most,
      figures: [
        percent(share),
        String(words),
        figure(medianWords, 0),
        `${replies}${failed > 0 ? ` (${texts.failed}: ${failed})` : ''}`,
      ],
    }),
  );
  const headings = [texts.share, texts.wordCount, texts.median, texts.replies];
  return section(
    'participation',
    texts.participation,
    texts.participationNote(figure(gini, 2), figure(largestGini(speakers.length), 2)),
    figuresTable({
      isCaptionShown: false,
      caption: texts.participation,
      rowHeading: texts.speaker,
      headings,
      rows,
    }),
  );
}

export function lengthsSection({ lengths }: GroupAnalysis, texts: FocusGroupTexts): Html {
  const { n, median, ratio, humanMedian, histogram } = lengths;
  const note = texts.lengthsNote(figure(median, 0), figure(ratio, 2), humanMedian);
  const longest = histogram.at(-2)?.upTo ?? 0;
  const rows = histogram.map(
    ({ upTo, count }): FiguresRow => ({
      heading: upTo === null ? texts.over(longest) : texts.upTo(upTo),
      drawn: n === 0 ? 0 : count / n,
      figures: [n === 0 ? '–' : percent(count / n), String(count)],
    }),
  );
  return section(
    'lengths',
    texts.lengths,
    note,
    figuresTable({
      isCaptionShown: false,
      caption: texts.lengths,
      rowHeading: texts.length,
      headings: [texts.shareOfReplies, texts.replies],
      rows,
    }),
  );
}

export function shiftsSection(shifts: readonly QuestionShift[], texts: FocusGroupTexts): Html {
  const headings = [texts.changed, texts.before, texts.after, texts.difference, texts.spread, texts.nearer];
  const rows = shifts.map(({ title, pairs, changed, number, choice }): FiguresRow => {
    const cells =
      number !== null
        ? [
            figure(number.meanBefore, 2),
            figure(number.meanAfter, 2),
            `${signed(number.difference)}${intervalText(number.interval)}`,
            `${figure(number.sdBefore, 2)} → ${figure(number.sdAfter, 2)}`,
            `${number.nearer} / ${number.farther}`,
          ]
        : [choice ? percent(choice.shareBefore) : '–', choice ? percent(choice.shareAfter) : '–', '', '', ''];
    const label = choice === null ? outside(title) : `${outside(title)} (${outside(choice.commonest)})`;
    return { heading: label, figures: [texts.ofPairs(changed, pairs), ...cells] };
  });
  return section(
    'shifts',
    texts.shifts,
    texts.shiftsNote,
    figuresTable({
      isCaptionShown: false,
      caption: texts.shifts,
      rowHeading: texts.question,
      headings,
      rows,
    }),
  );
}

export function likenessSection(
  { convergence, distinctiveness }: GroupAnalysis,
  texts: FocusGroupTexts,
): Html {
  const { slope, slopeInterval, rounds } = convergence;
  const { recognised, chance, speakers } = distinctiveness;
  const change = slope === null ? '–' : `${signed(slope)}${intervalText(slopeInterval)}`;
  const likeness = rounds.map(
    ({ round, similarity }): FiguresRow => ({
      heading: texts.round(round),
      drawn: similarity ?? 0,
      figures: [figure(similarity, 2)],
    }),
  );
  const voices = speakers.map(
    ({ name, recognised: share, replies }): FiguresRow => ({
      heading: outside(name),
      drawn: share,
      figures: [percent(share), String(replies)],
    }),
  );
  return html`${section('likeness', texts.likeness, `${texts.convergenceNote} ${texts.slope(change)}`, figuresTable({ isCaptionShown: false, caption: texts.likeness, rowHeading: texts.rounds, headings: [texts.similarity], rows: likeness }))}
${
  recognised === null || chance === null
    ? nothing
    : html`<p>${texts.distinctivenessNote(
        percent(recognised),
        `${percent(chance.mean)} [${percent(chance.range.low)}, ${percent(chance.range.high)}]`,
        chance.p < 0.001 ? 'p < 0.001' : `p = ${chance.p.toFixed(3)}`,
      )}</p>
${figuresTable({ caption: texts.recognised, rowHeading: texts.speaker, headings: [texts.recognised, texts.replies], rows: voices })}`
}`;
}

export function themesSection({ themes, themeMethod }: GroupAnalysis, texts: FocusGroupTexts): Html {
  const note =
    themeMethod.by === 'keywords'
      ? texts.themesBy.keywords
      : texts.themesBy.model(outside(themeMethod.model));
  return section(
    'themes',
    texts.themes,
    note,
    themes.length === 0
      ? html`<p>${texts.none}</p>`
      : html`${themes.map((theme) => themePart(theme, texts))}`,
  );
}

function themePart({ name, description, speakers, replies, quotes }: Theme, texts: FocusGroupTexts): Html {
  return html`<div class="theme"><h3 dir="auto">${outside(name)}</h3><p class="soft">${texts.themeCount(speakers, replies)}</p>
${description === '' ? nothing : html`<p dir="auto">${outside(description)}</p>`}
${quotes.map(
  (quote) =>
    html`<blockquote dir="auto">${outside(quote.text)}<br><a class="soft" href="#round-${quote.round}">${outside(quote.name)}, ${texts.round(quote.round)}</a></blockquote>`,
)}</div>`;
}

function section(id: string, title: string, note: string, content: Html): Html {
  return html`<h2 id="${id}">${title}</h2><p class="soft">${note}</p>
${content}
`;
}

function figure(value: number | null, decimals: number): string {
  return value === null ? '–' : value.toFixed(decimals);
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(2)}`;
}

function intervalText(interval: Interval | null): string {
  return interval === null ? '' : ` [${interval.low.toFixed(2)}, ${interval.high.toFixed(2)}]`;
}
