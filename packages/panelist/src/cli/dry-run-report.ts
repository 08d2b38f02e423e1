import type { GroupDryRun } from '../focus-group/dry-run-group.ts';
import { costOf, type ModelPrice } from '../models/budget/price-table.ts';
import type { ChatRequest } from '../models/chat-model.ts';
import type { DryRun, Range } from '../survey/dry-run.ts';
import type { SkippedElement } from '../survey/questionnaire.ts';
import { terminalSafe, terminalSafeLines } from '../text/terminal-safe.ts';
import { formatUsd } from '../text/usd.ts';
import { compact } from './progress.ts';
import { skippedLines } from './survey-input.ts';

/** What a dry run's cost is told by: a survey's, or a focus group's. */
interface ReckonedCost {
  readonly price: ModelPrice | undefined;
  /** US dollars. */
  readonly maxCost: number | undefined;
  readonly maxTokens: number | undefined;
  readonly dryRun: Reckoned;
}

type Reckoned = Pick<DryRun, 'inputTokens' | 'outputTokens'>;

export interface DryRunReport extends ReckonedCost {
  readonly title: string;
  readonly model: string;
  /** What the questionnaire lacks of its file. */
  readonly skipped: readonly SkippedElement[];
  readonly dryRun: DryRun;
}

export interface GroupDryRunReport extends ReckonedCost {
  readonly title: string;
  readonly model: string;
  readonly dryRun: GroupDryRun;
}

/** As `--json` shows it: `costUsd` is `null` where the price is not known. */
export function dryRunView(report: DryRunReport | GroupDryRunReport): object {
  const { model, price, dryRun } = report;
  const skipped = 'skipped' in report ? { skipped: report.skipped } : {};
  return {
    dryRun: true,
    model,
    ...skipped,
    ...dryRun,
    costUsd: costRange(dryRun, price),
    price: price ?? null,
  };
}

/** The figures, then the first respondent's prompts. */
export function dryRunText(report: DryRunReport): string {
  const { title, model, skipped, dryRun } = report;
  const { interviews, sampled, callsPerInterview, calls, inputTokens, outputTokens } = dryRun;
  const figures = [
    'Dry run: no call was made and nothing was kept.',
    `"${terminalSafe(title)}": ${interviews} interviews, played by ${terminalSafe(model)}.`,
    ...skippedLines(skipped),
    `Calls: ${shown(calls, String)}; ${shown(callsPerInterview, (each) => String(Math.round(each * 10) / 10))} an interview.`,
    `Tokens: ${shown(inputTokens, compact)} sent, ${shown(outputTokens, compact)} received.`,
    costLine(report),
    ...limitLines(report),
    `Estimated from ${sampled} interviews in which the simulator answers. Not included: replies that do not fit, which are asked for once more; what a model thinks before it answers; and what is stored already, which costs nothing.`,
  ];
  return `${figures.join('\n')}\n\n${prompts(report)}\n`;
}

/** The figures, then the first prompts. */
export function groupDryRunText(report: GroupDryRunReport): string {
  const { title, model, dryRun } = report;
  const { participants, rounds, calls, inputTokens, outputTokens, first } = dryRun;
  const figures = [
    'Dry run: no call was made and nothing was kept.',
    `"${terminalSafe(title)}": ${participants} participants, ${rounds} rounds, played by ${terminalSafe(model)}.`,
    `Calls: ${shown(calls, String)}.`,
    `Tokens: ${shown(inputTokens, compact)} sent, ${shown(outputTokens, compact)} received.`,
    costLine(report),
    ...limitLines(report),
    'Estimated with replies of the length asked for, from a moderator that always moves on to one that does all that it may. Not included: replies that cannot be used, which are asked for once more; what a model thinks before it answers; and what is stored already.',
  ];
  const requests = first.map(
    (request) =>
      `=== The first call ${request.replySchema === null ? 'of the talk' : 'of a poll'}, exactly as it would be sent\n\n${promptText(request)}`,
  );
  return `${figures.join('\n')}\n\n${terminalSafeLines(requests.join('\n\n'))}\n`;
}

function costLine({ dryRun, price }: ReckonedCost): string {
  const cost = costRange(dryRun, price);
  if (cost === null || price === undefined)
    return 'Cost: not known, for want of a price. --prices takes one.';
  const source = price.isOwn
    ? 'prices of your file'
    : `list prices of ${price.asOf}: check the vendor's page, --prices takes others`;
  return `Cost: ${shown(cost, formatUsd)}, at ${formatUsd(price.input)} and ${formatUsd(price.output)} a million (${source}).`;
}

function limitLines({ dryRun, price, maxCost, maxTokens }: ReckonedCost): string[] {
  const { inputTokens, outputTokens } = dryRun;
  const cost = costRange(dryRun, price);
  const lines: string[] = [];
  if (maxCost !== undefined && cost !== null)
    lines.push(limitLine(`--max-cost ${formatUsd(maxCost)}`, maxCost, cost));
  if (maxTokens !== undefined)
    lines.push(limitLine(`--max-tokens ${maxTokens}`, maxTokens, sum(inputTokens, outputTokens)));
  return lines;
}

function limitLine(limit: string, max: number, range: Range): string {
  if (max >= range.max) return `${limit} is enough.`;
  if (max >= range.expected) return `${limit} is probably enough.`;
  return `${limit} is enough for about ${Math.floor((100 * max) / range.expected)} % of it.`;
}

function costRange({ inputTokens, outputTokens }: Reckoned, price: ModelPrice | undefined): Range | null {
  if (price === undefined) return null;
  const cost = (of: keyof Range): number =>
    costOf({ inputTokens: inputTokens[of], outputTokens: outputTokens[of] }, price);
  return { min: cost('min'), expected: cost('expected'), max: cost('max') };
}

function sum(a: Range, b: Range): Range {
  return { min: a.min + b.min, expected: a.expected + b.expected, max: a.max + b.max };
}

function shown({ min, expected, max }: Range, show: (value: number) => string): string {
  return min === max ? show(min) : `about ${show(expected)} (${show(min)} to ${show(max)})`;
}

function prompts({ dryRun }: DryRunReport): string {
  const { respondentId, requests } = dryRun.first;
  const parts = requests.map((request, index) => {
    const what = index === 0 ? 'exactly as it would be sent' : 'with earlier answers by the simulator';
    return `=== Call ${index + 1} of respondent ${terminalSafe(respondentId)}: ${what}\n\n${promptText(request)}`;
  });
  return terminalSafeLines(parts.join('\n\n'));
}

function promptText({ messages, replySchema }: ChatRequest): string {
  return [
    ...messages.map(({ role, content }) => `--- ${role}\n${content}`),
    ...(replySchema === null ? [] : [`--- reply schema\n${JSON.stringify(replySchema.schema, null, 2)}`]),
  ].join('\n\n');
}
