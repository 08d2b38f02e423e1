import type { GroupDryRun } from '../../focus-group/dry-run-group.ts';
import { type Messages, messagesFor } from '../../languages/messages.ts';
import { costOf, type ModelPrice } from '../../models/budget/price-table.ts';
import type { ChatRequest } from '../../models/chat-model.ts';
import type { DryRun, Range } from '../../survey/dry-run.ts';
import type { SkippedElement } from '../../survey/questionnaire.ts';
import { terminalSafe, terminalSafeLines } from '../../text/terminal-safe.ts';
import { formatUsd } from '../../text/usd.ts';
import { skippedLines } from '../survey-input.ts';
import { compact } from './progress.ts';
import { servedModel } from './served-model.ts';

/** What a dry run's cost is worked out from: a survey's, or a focus group's. */
interface EstimatedCost {
  readonly price: ModelPrice | undefined;
  /** US dollars. */
  readonly maxCost: number | undefined;
  readonly maxTokens: number | undefined;
  readonly dryRun: Estimated;
  /** Of the survey or the group: the report is in Chinese for a Chinese one, else in English. */
  readonly language: string;
}

type Estimated = Pick<DryRun, 'inputTokens' | 'outputTokens'>;
type Words = Messages['dryRun'];

export interface DryRunReport extends EstimatedCost {
  readonly title: string;
  readonly model: string;
  /** Where requests would go; `null` for the vendor's own address. */
  readonly address: string | null;
  /** What the questionnaire lacks of its file. */
  readonly skipped: readonly SkippedElement[];
  readonly dryRun: DryRun;
}

export interface GroupDryRunReport extends EstimatedCost {
  readonly title: string;
  readonly model: string;
  readonly address: string | null;
  readonly dryRun: GroupDryRun;
}

/** As `--json` shows it: `costUsd` is `null` where the price is not known. */
export function dryRunView(report: DryRunReport | GroupDryRunReport): object {
  const { model, address, price, dryRun } = report;
  const skipped = 'skipped' in report ? { skipped: report.skipped } : {};
  return {
    dryRun: true,
    model,
    baseUrl: address,
    ...skipped,
    ...dryRun,
    costUsd: costRange(dryRun, price),
    price: price ?? null,
  };
}

/** The figures, then the first respondent's prompts. */
export function dryRunText(report: DryRunReport): string {
  const { title, model, address, skipped, dryRun, language } = report;
  const { interviews, sampled, callsPerInterview, calls, inputTokens, outputTokens } = dryRun;
  const messages = messagesFor(language);
  const words = messages.dryRun;
  const each = shown(callsPerInterview, (value) => String(Math.round(value * 10) / 10), words);
  const figures = [
    words.opening,
    words.survey(terminalSafe(title), interviews, servedModel(model, address, messages)),
    ...skippedLines(skipped),
    words.callsEach(shown(calls, String, words), each),
    words.tokens(shown(inputTokens, compact, words), shown(outputTokens, compact, words)),
    costLine(report, words),
    ...limitLines(report, words),
    words.surveyBasis(sampled),
  ];
  return `${figures.join('\n')}\n\n${prompts(report, words)}\n`;
}

/** The figures, then the first prompts. */
export function groupDryRunText(report: GroupDryRunReport): string {
  const { title, model, address, dryRun, language } = report;
  const { participants, rounds, calls, inputTokens, outputTokens, first } = dryRun;
  const messages = messagesFor(language);
  const words = messages.dryRun;
  const figures = [
    words.opening,
    words.group(terminalSafe(title), participants, rounds, servedModel(model, address, messages)),
    words.calls(shown(calls, String, words)),
    words.tokens(shown(inputTokens, compact, words), shown(outputTokens, compact, words)),
    costLine(report, words),
    ...limitLines(report, words),
    words.groupBasis,
  ];
  const requests = first.map((request) => {
    const what = request.replySchema === null ? words.firstTalk : words.firstPoll;
    return `${words.prompt(what, words.exact)}\n\n${promptText(request)}`;
  });
  return `${figures.join('\n')}\n\n${terminalSafeLines(requests.join('\n\n'))}\n`;
}

function costLine({ dryRun, price }: EstimatedCost, words: Words): string {
  const cost = costRange(dryRun, price);
  if (cost === null || price === undefined) return words.costUnknown;
  const source = price.isOwn ? words.ownPrices : words.listPrices(price.asOf);
  return words.cost(shown(cost, formatUsd, words), formatUsd(price.input), formatUsd(price.output), source);
}

function limitLines({ dryRun, price, maxCost, maxTokens }: EstimatedCost, words: Words): string[] {
  const { inputTokens, outputTokens } = dryRun;
  const cost = costRange(dryRun, price);
  const lines: string[] = [];
  if (maxCost !== undefined && cost !== null)
    lines.push(limitLine(`--max-cost ${formatUsd(maxCost)}`, maxCost, cost, words));
  if (maxTokens !== undefined)
    lines.push(limitLine(`--max-tokens ${maxTokens}`, maxTokens, sum(inputTokens, outputTokens), words));
  return lines;
}

function limitLine(limit: string, max: number, range: Range, words: Words): string {
  if (max >= range.max) return words.enough(limit);
  if (max >= range.expected) return words.probablyEnough(limit);
  return words.partly(limit, Math.floor((100 * max) / range.expected));
}

function costRange({ inputTokens, outputTokens }: Estimated, price: ModelPrice | undefined): Range | null {
  if (price === undefined) return null;
  const cost = (of: keyof Range): number =>
    costOf({ inputTokens: inputTokens[of], outputTokens: outputTokens[of] }, price);
  return { min: cost('min'), expected: cost('expected'), max: cost('max') };
}

function sum(a: Range, b: Range): Range {
  return { min: a.min + b.min, expected: a.expected + b.expected, max: a.max + b.max };
}

function shown({ min, expected, max }: Range, show: (value: number) => string, words: Words): string {
  return min === max ? show(min) : words.about(show(expected), show(min), show(max));
}

function prompts({ dryRun }: DryRunReport, words: Words): string {
  const { respondentId, requests } = dryRun.first;
  const parts = requests.map((request, index) => {
    const how = index === 0 ? words.exact : words.simulated;
    return `${words.prompt(words.call(index + 1, terminalSafe(respondentId)), how)}\n\n${promptText(request)}`;
  });
  return terminalSafeLines(parts.join('\n\n'));
}

function promptText({ messages, replySchema }: ChatRequest): string {
  return [
    ...messages.map(({ role, content }) => `--- ${role}\n${content}`),
    ...(replySchema === null ? [] : [`--- reply schema\n${JSON.stringify(replySchema.schema, null, 2)}`]),
  ].join('\n\n');
}
