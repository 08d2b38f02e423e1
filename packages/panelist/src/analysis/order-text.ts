import type { Messages } from '../languages/messages.ts';
import { percent, points, pText, rounded } from './figures.ts';
import type { DirectionEffect, OrderEffectReport, OrderTest, PositionEffect } from './order-effect.ts';

/** The verdicts over all questions, one sentence each, with the figures of the same adjusted test. */
export function orderVerdicts(report: OrderEffectReport, messages: Messages): string[] {
  const { pooled, pooledScales, levels } = report;
  return [
    ...(pooled ? [pooled.first, pooled.last].map((effect) => ofLists(effect, levels.pooled, messages)) : []),
    ...(pooledScales ? [ofScales(pooledScales, levels.pooled, messages)] : []),
  ];
}

function ofLists(effect: PositionEffect, level: number, messages: Messages): string {
  const { order: said, figures } = messages;
  const { position, bias, byPosition, n, p, expected, isReported } = effect;
  const where = figures[position];
  if (p === null) return said.cannotTell(where, rounded(n * expected, 1), n);
  const extent = said.pointsBy(figuresText(points(bias), effect, level, points, messages), n);
  const missed = said.missedPoints(rounded(100 * (effect.detectable ?? 0), 1));
  if (!isReported) return said.noEffect(where, extent, missed);
  return bias > 0
    ? said.tooOften(where, extent, percent(byPosition), missed)
    : said.tooSeldom(where, extent, missed);
}

function ofScales(effect: DirectionEffect, level: number, messages: Messages): string {
  const { order: said } = messages;
  const { difference, n, p, isReported, detectable } = effect;
  if (p === null) return said.cannotTellScales(n);
  const extent = said.deviationsBy(figuresText(signed(difference), effect, level, signed, messages), n);
  const missed = said.missedDeviations(rounded(detectable ?? 0, 2));
  if (!isReported) return said.noEffectOnScales(extent, missed);
  return difference > 0 ? said.towardsFirst(extent, missed) : said.towardsLast(extent, missed);
}

function figuresText(
  estimate: string,
  { interval, adjustedP }: OrderTest,
  level: number,
  written: (value: number) => string,
  messages: Messages,
): { readonly estimate: string; readonly interval: string; readonly p: string } {
  const bounds = interval ? `[${written(interval.low)}, ${written(interval.high)}]` : '';
  return {
    estimate,
    interval: messages.order.interval(bounds, levelText(level)),
    p: adjustedText(adjustedP, messages),
  };
}

/** `0.99833` → `99.8 %`. */
export function levelText(level: number): string {
  return `${(Math.floor(1e4 * level) / 100).toFixed(1)} %`;
}

function adjustedText(adjustedP: number | null, messages: Messages): string {
  return messages.order.adjusted(pText(adjustedP, messages));
}

/** With its sign. */
export function signed(value: number): string {
  const text = value.toFixed(2);
  return value > 0 ? `+${text}` : text;
}

/** How large effects must be to be found in single questions; empty if none was tested. */
export function missedInQuestions(
  { questions, scales }: OrderEffectReport,
  { order: said, figures }: Messages,
): string[] {
  const ofOptions = questions.flatMap(({ first, last }) =>
    [first, last].flatMap(({ detectable }) => detectable ?? []),
  );
  const ofPoints = scales.flatMap(({ detectable }) => detectable ?? []);
  const range = (all: readonly number[], decimals: number): string => {
    const [from, to] = [Math.min(...all), Math.max(...all)].map((each) => rounded(each, decimals));
    return from === to ? (from as string) : figures.range(from as string, to as string);
  };
  return [
    ...(ofOptions.length > 0
      ? [
          said.missedInLists(
            range(
              ofOptions.map((each) => 100 * each),
              1,
            ),
          ),
        ]
      : []),
    ...(ofPoints.length > 0 ? [said.missedInScales(range(ofPoints, 2))] : []),
  ];
}
