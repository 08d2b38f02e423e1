import { sampleAudience, writeSample } from '../../application/audiences/sample-audience.ts';
import type { QuotaSample } from '../../audience/sampling/quota-sample.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';
import type { Command } from '../command.ts';
import { outputFormat } from '../output-format.ts';
import { wholeNumber } from '../read-option.ts';
import type { Terminal } from '../terminal.ts';
import { withWorkspace } from '../use-workspace.ts';
import { withDatabase, withForce } from './shared-options.ts';

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
    .requiredOption('--out <file>', 'the audience file to write: .csv or .jsonl')
    .option('--json', 'print the report as JSON')
    .action(async (flags) => {
      outputFormat(flags.out, ['csv', 'jsonl']);
      const { by, size, seed } = flags;
      const sample = await sampleAudience(flags, { by, size, seed });
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

function reportText(
  { respondents, categories, short, leftOut, effectiveSize }: QuotaSample,
  file: string,
): string {
  const rows = categories.map(({ variable, category, ...shares }) => [
    variable,
    category,
    ...[shares.target, shares.source, shares.sample, shares.weighted].map(
      (share) => `${(100 * share).toFixed(1)} %`,
    ),
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
  lines.push(
    '',
    `${respondents.length} people, effective n ${effectiveSize.toFixed(1)} (Kish). Written to ${file}.`,
  );
  if (leftOut > 0) lines.push(`${leftOut} people have no category in one of the columns, and were left out.`);
  for (const { cell, wanted, there } of short.slice(0, 20))
    lines.push(
      terminalSafe(`Wanted ${wanted} of ${cell.join(', ')}; there are ${there}. Others were drawn for them.`),
    );
  return `${lines.join('\n')}\n`;
}
