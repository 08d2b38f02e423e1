import { sampleAudience, writeSample } from '../../application/audiences/sample-audience.ts';
import type { QuotaSample } from '../../audience/sampling/quota-sample.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';
import type { Command } from '../command.ts';
import { outputFormat } from '../output-format.ts';
import { decimal, wholeNumber } from '../read-option.ts';
import type { Terminal } from '../terminal.ts';
import { withWorkspace } from '../use-workspace.ts';
import { withDatabase, withForce } from './shared-options.ts';

/** Most lines about one kind of shortage. */
const maxLines = 20;

export function defineAudience(audience: Command, terminal: Terminal): void {
  audience.description('Works with audiences.');
  withForce(withDatabase(audience.command('sample'), 'remembers which files Panelist wrote'))
    .summary('draw a quota sample, weighted to given marginals')
    .description(
      'Draws a quota sample by the joint distribution of some columns. With targets (a CSV with the columns variable, ' +
        'category, share) the quotas and the weights follow them. Numbers are counted in bands: 18-29, 65+, under 18.',
    )
    .requiredOption('--from <file>', 'the people there are: CSV or JSONL')
    .requiredOption('--size <n>', 'how many to draw', wholeNumber(1))
    .requiredOption('--by <columns>', 'persona columns, separated by commas', columnNames)
    .option('--targets <file>', "the population's shares (default: the file's own)")
    .option('--seed <n>', 'the same seed draws the same people', wholeNumber(0), 0)
    .option('--max-weight <n>', 'trim greater weights to this; the mean weight is 1', decimal(1, 1_000_000))
    .requiredOption('--out <file>', 'the audience file to write: .csv or .jsonl')
    .option('--json', 'print the report as JSON')
    .action(async (flags) => {
      outputFormat(flags.out, ['csv', 'jsonl']);
      const { by, size, seed, maxWeight } = flags;
      const sample = await sampleAudience(flags, { by, size, seed, maxWeight });
      await withWorkspace(flags, (workspace) => writeSample(workspace, sample, flags.out, flags));
      const { respondents, ...report } = sample;
      if (flags.json)
        terminal.out(
          `${JSON.stringify({ file: flags.out, size: respondents.length, ...report }, null, 2)}\n`,
        );
      else terminal.out(reportText(sample, flags.out));
    });
}

function columnNames(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function reportText(sample: QuotaSample, file: string): string {
  const { respondents, categories, short, notDrawn, weights, trimmed, usesFileWeights } = sample;
  const rows = categories.map(({ variable, category, ...shares }) => [
    variable,
    category,
    ...[shares.target, shares.source, shares.sample, shares.weighted].map(percent),
  ]);
  const table = [['', '', 'target', 'file', 'sample', 'weighted'], ...rows].map((row) =>
    row.map(terminalSafe),
  );
  const widths = (table[0] ?? []).map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  );
  lines.push('', `${respondents.length} people. Written to ${file}.`);
  lines.push(
    `Weights from ${weights.least.toFixed(2)} to ${weights.greatest.toFixed(2)}; the heaviest ${weights.topPeople === 1 ? 'person has' : `${weights.topPeople} people (1 %) have`} ` +
      `${percent(weights.topShare)} of the weight; effective n ${weights.effectiveSize.toFixed(1)} (Kish).`,
  );
  if (trimmed !== undefined)
    lines.push(
      `${people(trimmed.people)} had a weight above ${trimmed.to}, which was trimmed to it. The weighted shares now miss the targets by up to ${(100 * trimmed.missesBy).toFixed(1)} points.`,
    );
  if (usesFileWeights)
    lines.push("The file's weights are used: its shares and everyone's chance follow them.");
  for (const { variable, category, wanted } of notDrawn.slice(0, maxLines))
    lines.push(
      terminalSafe(
        `Nobody in ${category} of ${variable} was drawn: its target is ${wanted.toFixed(1)} of ${people(respondents.length)}. The weights meet the other targets without it; draw more people, or merge it.`,
      ),
    );
  for (const { cell, wanted, there } of short.slice(0, maxLines))
    lines.push(
      terminalSafe(`Wanted ${wanted} of ${cell.join(', ')}; there are ${there}. Others were drawn for them.`),
    );
  return `${[...lines, ...leftOutLines(sample)].join('\n')}\n`;
}

function leftOutLines({ leftOut, leftOutBy }: QuotaSample): string[] {
  const lines = leftOutBy.slice(0, maxLines).map(({ variable, reason, people: count }) => {
    if (reason.kind === 'no value') return `${variable}: ${people(count)} without a value`;
    if (reason.kind === 'gap')
      return `${variable}: no band ${reason.gap} (${count === 0 ? 'nobody is in it' : people(count)})`;
    return `${variable}: ${people(count)} with a value that isn't in the targets (${reason.values.join(', ')})`;
  });
  if (leftOut > 0)
    lines.unshift(`Left out, because they have no category in one of the columns: ${people(leftOut)}.`);
  else if (lines.length > 0) lines.unshift('Gaps in the bands:');
  return lines.map((line, at) => `${at === 0 ? '' : '  '}${terminalSafe(line)}`);
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
