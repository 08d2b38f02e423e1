import { systemClock } from '@panelist/toolkit';
import { runGroup } from '../../../application/focus-groups/group-actions.ts';
import { previewGroup } from '../../../application/focus-groups/preview.ts';
import { groupSpending } from '../../../application/focus-groups/read-groups.ts';
import { readGuide } from '../../../application/focus-groups/read-guide.ts';
import { prepareGroupFolder, renewGroupFiles } from '../../../application/focus-groups/transcript-files.ts';
import type { Workspace } from '../../../application/open-workspace.ts';
import type { FocusGroupGuide } from '../../../focus-group/guide/guide.ts';
import { messagesFor } from '../../../languages/messages.ts';
import { terminalSafe } from '../../../text/terminal-safe.ts';
import { Addresses, configAddress } from '../../addresses.ts';
import type { Command } from '../../command.ts';
import { ExitCode } from '../../exit-codes.ts';
import { groupNameOf, runInGroup } from '../../group-run.ts';
import type { GuideModel } from '../../guide-model.ts';
import { guideModel } from '../../guide-model.ts';
import { decimal, wholeNumber } from '../../read-option.ts';
import { dryRunJson, groupDryRunText } from '../../render/dry-run.ts';
import { failedAdvice, groupSummary } from '../../render/group-summary.ts';
import { servedModel } from '../../render/served-model.ts';
import { noteWarnings, showSkipped } from '../../survey-input.ts';
import type { Terminal } from '../../terminal.ts';
import { withWorkspace } from '../../use-workspace.ts';
import { limitsIn, limitsOrConfig, participantsAtOnce, withCalls, withSurvey } from '../shared-options.ts';
import { withGroupFiles } from './group-files.ts';

export function addRunCommand(focusGroup: Command, terminal: Terminal): void {
  withSurvey(withGroupFiles(withCalls(focusGroup.command('run'), participantsAtOnce)))
    .summary('run a focus group by its guide')
    .description(
      'Runs a focus group by its guide: polls, rounds, follow-ups, moderator. Run again while it runs, it joins; after a ' +
        'crash or Ctrl-C it continues where it stopped, even within a round; after its end it makes no call.',
    )
    .argument('<guide>', 'a guide file, YAML or JSON')
    .option('--group <name>', "what the group is called (default: by the guide file's name)")
    .option('--audience <file>', "whom the participants are taken from (default: the guide's)")
    .option(
      '--model <model>',
      "openai/…, anthropic/…, google/…, openai-compatible/…, simulator (default: the guide's)",
    )
    .option('--seed <n>', 'seed for the model and for every random order', wholeNumber(0))
    .option('--temperature <t>', "the model's temperature", decimal(0, 2))
    .option('--dry-run', 'show how many calls and tokens it would take, and the first prompts; ask nothing')
    .action(async (path, flags) => {
      const focusGroupId = flags.group ?? groupNameOf(path);
      let addressFrom: GuideModel['addressFrom'] = null;
      const change = (read: FocusGroupGuide): FocusGroupGuide => {
        const { addressFrom: from, ...served } = guideModel(read, flags);
        addressFrom = from;
        const { seed = read.seed, temperature = read.temperature } = flags;
        return { ...read, ...served, seed, temperature };
      };
      const read = await readGuide(path, { ...flags, focusGroupId, change });
      const { guide, audience, group, poll, pollOptions } = read;
      if (poll !== null) {
        noteWarnings(poll, terminal);
        showSkipped(poll.questionnaire, terminal);
      }
      if (flags.dryRun) {
        const { prices, json } = flags;
        const limits = limitsOrConfig(flags);
        const previewed = { focusGroupId, audience, pollOptions };
        const preview = await previewGroup(guide, previewed, { maxCostUsd: limits.maxCost, prices });
        terminal.out(json ? dryRunJson(preview) : groupDryRunText(preview, limits));
        return;
      }
      const addresses = new Addresses(flags, terminal);
      if (addressFrom === 'guide') await addresses.confirm(group, 'guide');
      const hold = async (workspace: Workspace): Promise<ExitCode> => {
        const limits = limitsIn(flags);
        await workspace.checkModel(group, limits);
        const folder = await prepareGroupFolder(workspace, focusGroupId, flags);
        const startedAt = systemClock.monotonic();
        const address = workspace.addressOf(group);
        if (address !== null && addressFrom === 'config') terminal.err(configAddress(address));
        const model = servedModel(group.model, address, messagesFor('en'));
        const simulated = group.model.startsWith('simulator')
          ? ' (a simulator, no model: what it says means nothing)'
          : '';
        terminal.note(
          `"${terminalSafe(group.title)}": ${group.participants.length} participants, played by ${model}${simulated}. Group ${focusGroupId}.\n`,
        );
        const ended = await runInGroup(workspace, flags, terminal, () =>
          runGroup(workspace, guide, { focusGroupId, audience, pollOptions, limits }),
        );
        if (ended.end !== 'finished') return ended.exitCode;
        const { turns, failed } = ended.value;
        if (turns === 0)
          terminal.note(
            'Held before: no calls were made. To run it again, use another --group and another --seed.\n',
          );
        const renewed = await renewGroupFiles(workspace, focusGroupId, folder, flags);
        const { transcript, analysis, paths: files } = renewed;
        const seconds = (systemClock.monotonic() - startedAt) / 1000;
        const spent = await groupSpending(workspace, focusGroupId);
        if (flags.json) terminal.out(`${JSON.stringify({ ...transcript, files }, null, 2)}\n`);
        else terminal.out(groupSummary(transcript, analysis, address, spent, seconds, files));
        terminal.err(failedAdvice(failed, focusGroupId, flags.database));
        return failed > 0 ? ExitCode.SOME_FAILED : ExitCode.OK;
      };
      return withWorkspace(flags, hold, addresses);
    });
}
