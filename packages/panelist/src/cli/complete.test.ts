import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { buildProgram } from './build-program.ts';
import { optionsOf } from './command-line.ts';
import { complete } from './complete.ts';
import { processTerminal } from './terminal.ts';

const program = await buildProgram(processTerminal);

function values(...words: string[]): string[] {
  return complete(program, words).map(({ value }) => value);
}

/** Every command with the words that lead to it. */
function* commands(
  command: CommandUnknownOpts,
  path: string[] = [],
): Generator<[string[], CommandUnknownOpts]> {
  yield [path, command];
  for (const child of command.createHelp().visibleCommands(command))
    if (child.name() !== 'help') yield* commands(child, [...path, child.name()]);
}

describe('completion', () => {
  it('knows every command and every option of the program', () => {
    let seen = 0;
    for (const [path, command] of commands(program)) {
      seen += 1;
      for (const child of command.commands.filter((each) => !each.name().startsWith('__')))
        expect(values(...path, '')).toContain(child.name());
      for (const { long } of optionsOf(command)) expect(values(...path, '--')).toContain(long);
    }
    expect(seen).toBeGreaterThan(25);
  });

  it.each([
    [['su'], ['survey']],
    [
      ['survey', ''],
      ['check', 'deploy', 'help'],
    ],
    [
      ['survey', 'deploy', 's.json', '--ask', ''],
      ['question', 'page', 'survey'],
    ],
    [['survey', 'deploy', 's.json', '--ask', 'p'], ['page']],
    [['survey', 'deploy', 's.json', '--ask=page', '--as'], []],
    [['survey', 'deploy', '--audience', ''], []],
    [['survey', 'deploy', ''], []],
    [['results', 'export', 'l'], ['last']],
    [['results', 'export', 'last', '--format', 'p'], ['parquet']],
    [['tasks', 'show', ''], ['last']],
    [['tasks', 'show', '--database', 'x.db', ''], ['last']],
    [['focus-group', 'say', 'g', 'hi', '--to', 'Ada', '--mo'], ['--mode']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['-q', 'survey', 'ch'], ['check']],
    [['survey', 'deploy', '--', '--as'], []],
    [['no-such-command', ''], []],
  ])('of %j is %j', (words, expected) => {
    expect(values(...words)).toEqual(expected);
  });

  it('describes what it offers in one line', () => {
    for (const { description } of complete(program, ['survey', 'deploy', '--']))
      expect(description).not.toMatch(/[\n\t]/);
    expect(complete(program, ['survey', 'ch'])[0]?.description).toContain('find what is wrong');
  });
});
