import { Option } from '@commander-js/extra-typings';
import { readSimulatorOptions, simulatorOptionTexts } from '../../simulator/option-text.ts';
import type { Command } from '../command.ts';
import { wholeNumber } from '../read-option.ts';
import type { Terminal } from '../terminal.ts';

export function defineSimulate(command: Command, terminal: Terminal): void {
  const simulate = command
    .description(
      'An OpenAI-compatible server (/v1/chat/completions, /v1/models) whose respondents answer by rule from their ' +
        'persona. It is a simulator and no language model: its answers mean nothing about people. ' +
        'GET /v1/simulator/requests tells what it has been asked. ' +
        'The same settings may stand behind a model: --model "simulator?seed=7&latency=50-300&server-error=0.05" starts one for a run.',
    )
    .option('--port <port>', 'where to listen; 0 takes a free port', wholeNumber(0, 65_535), 0)
    .option('--host <host>', 'the interface to listen on', '127.0.0.1');
  const settingFlags = simulatorOptionTexts.map(({ name, value, description }) => {
    const option = new Option(`--${name} <${value.toLowerCase()}>`, description);
    command.addOption(option);
    return { name, key: option.attributeName() };
  });
  simulate.action(async (flags) => {
    const settings = settingFlags.flatMap(({ name, key }): [string, string][] => {
      const given: unknown = simulate.getOptionValue(key);
      return typeof given === 'string' ? [[name, given]] : [];
    });
    const { startSimulator } = await import('../../simulator/server.ts');
    const simulator = await startSimulator({
      ...readSimulatorOptions(settings),
      port: flags.port,
      host: flags.host,
    });
    terminal.out(
      `Panelist simulator (no model: answers are made by rule) at ${simulator.url}\n` +
        `${simulator.isPublic ? `It listens on every interface (${flags.host}): other machines can reach it on port ${simulator.port}.\n` : ''}` +
        `Use it with: --model openai-compatible/simulator --base-url ${simulator.url}\n`,
    );
    await new Promise<void>((resolve) => {
      process.once('SIGINT', () => resolve());
      process.once('SIGTERM', () => resolve());
    });
    await simulator.close();
  });
}
