import { measurementText } from '../../analysis/measurement-text.ts';
import type { GroupPreview } from '../../application/focus-groups/preview.ts';
import type { SurveyPreview } from '../../application/surveys/preview.ts';
import { type Messages, messagesFor } from '../../languages/messages.ts';
import type { ChatRequest } from '../../models/chat-model.ts';
import type { Range } from '../../survey/dry-run.ts';
import { terminalSafe, terminalSafeLines } from '../../text/terminal-safe.ts';
import { formatUsd } from '../../text/usd.ts';
import { skippedLines } from '../survey-input.ts';
import { compact } from './progress.ts';
import { servedModel } from './served-model.ts';

/** What the run may cost and take, as the flags name it. */
interface RunBounds {
  /** US dollars. */
  readonly maxCost?: number | null | undefined;
  readonly maxTokens?: number | null | undefined;
}

/** More questions are counted. */
const maxMeasurements = 40;

type Preview = SurveyPreview | GroupPreview;
type Words = Messages['dryRun'];

/** As `--json` shows it: `costUsd` is `null` where the price isn't known. */
export function dryRunJson(preview: Preview): string {
  const { model, address, price, costUsd, dryRun } = preview;
  const skipped =
    'skipped' in preview ? { skipped: preview.skipped, measurements: preview.measurements } : {};
  const view = { dryRun: true, model, baseUrl: address, ...skipped, ...dryRun, costUsd, price };
  return `${JSON.stringify(view, null, 2)}\n`;
}

/** The figures, then the first respondent's prompts. */
export function dryRunText(preview: SurveyPreview, bounds: RunBounds): string {
  const { title, model, address, skipped, dryRun, language } = preview;
  const { interviews, sampled, callsPerInterview, calls, inputTokens, outputTokens } = dryRun;
  const messages = messagesFor(language);
  const words = messages.dryRun;
  const each = shown(callsPerInterview, (value) => String(Math.round(value * 10) / 10), words);
  const figures = [
    words.opening,
    words.survey(terminalSafe(title), interviews, servedModel(model, address, messages)),
    ...skippedLines(skipped),
    ...measurementLines(preview, messages),
    words.callsEach(shown(calls, String, words), each),
    words.tokens(shown(inputTokens, compact, words), shown(outputTokens, compact, words)),
    costLine(preview, words),
    ...limitLines(preview, bounds, words),
    words.surveyBasis(sampled),
  ];
  return `${figures.join('\n')}\n\n${prompts(preview, words)}\n`;
}

/** The figures, then the first prompts. */
export function groupDryRunText(preview: GroupPreview, bounds: RunBounds): string {
  const { title, model, address, dryRun, language } = preview;
  const { participants, rounds, calls, inputTokens, outputTokens, first } = dryRun;
  const messages = messagesFor(language);
  const words = messages.dryRun;
  const figures = [
    words.opening,
    words.group(terminalSafe(title), participants, rounds, servedModel(model, address, messages)),
    words.calls(shown(calls, String, words)),
    words.tokens(shown(inputTokens, compact, words), shown(outputTokens, compact, words)),
    costLine(preview, words),
    ...limitLines(preview, bounds, words),
    words.groupBasis,
  ];
  const requests = first.map((request) => {
    const what = request.replySchema === null ? words.firstTalk : words.firstPoll;
    return `${words.prompt(what, words.exact)}\n\n${promptText(request)}`;
  });
  return `${figures.join('\n')}\n\n${terminalSafeLines(requests.join('\n\n'))}\n`;
}

/** What is judged to be a scale, so that a wrong guess is seen before anything is paid for. */
function measurementLines({ measurements }: SurveyPreview, messages: Messages): string[] {
  const { measurement: said } = messages;
  if (measurements.length === 0) return [];
  const listed = measurements.slice(0, maxMeasurements).map((measured) => {
    return said.question(terminalSafe(measured.question), measurementText(measured, messages));
  });
  const rest = measurements.length - listed.length;
  return [said.heading, ...listed, ...(rest > 0 ? [said.more(rest)] : [])];
}

function costLine({ costUsd, price }: Preview, words: Words): string {
  if (costUsd === null || price === null) return words.costUnknown;
  const source = price.isOwn ? words.ownPrices : words.listPrices(price.asOf);
  return words.cost(
    shown(costUsd, formatUsd, words),
    formatUsd(price.input),
    formatUsd(price.output),
    source,
  );
}

function limitLines(
  { dryRun, costUsd }: Preview,
  { maxCost = null, maxTokens = null }: RunBounds,
  words: Words,
): string[] {
  const { inputTokens, outputTokens } = dryRun;
  const lines: string[] = [];
  if (maxCost !== null && costUsd !== null)
    lines.push(limitLine(`--max-cost ${formatUsd(maxCost)}`, maxCost, costUsd, words));
  if (maxTokens !== null)
    lines.push(limitLine(`--max-tokens ${maxTokens}`, maxTokens, sum(inputTokens, outputTokens), words));
  return lines;
}

function limitLine(limit: string, max: number, range: Range, words: Words): string {
  if (max >= range.max) return words.enough(limit);
  if (max >= range.expected) return words.probablyEnough(limit);
  return words.partly(limit, Math.floor((100 * max) / range.expected));
}

function sum(a: Range, b: Range): Range {
  return { min: a.min + b.min, expected: a.expected + b.expected, max: a.max + b.max };
}

function shown({ min, expected, max }: Range, show: (value: number) => string, words: Words): string {
  return min === max ? show(min) : words.about(show(expected), show(min), show(max));
}

function prompts({ dryRun }: SurveyPreview, words: Words): string {
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
