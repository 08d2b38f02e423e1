import { basename } from 'node:path';
import { Option } from '@commander-js/extra-typings';
import { DEFAULT_OUTPUT_FOLDER } from '../../../application/defaults.ts';
import { makeOutputFolder } from '../../../application/output-folder.ts';
import { answerPaths } from '../../../application/surveys/answer-files.ts';
import { deploy } from '../../../application/surveys/deploy.ts';
import { previewSurvey } from '../../../application/surveys/preview.ts';
import { readDeployment } from '../../../application/surveys/read-survey.ts';
import type { SurveyDeployment } from '../../../survey/deploy-survey.ts';
import type { AskScope } from '../../../survey/interview/interview-plan.ts';
import { configAddress } from '../../addresses.ts';
import { isOfConfig } from '../../apply-config.ts';
import type { Command } from '../../command.ts';
import { finishRun } from '../../finish-run.ts';
import { decimal, wholeNumber } from '../../read-option.ts';
import { dryRunJson, dryRunText } from '../../render/dry-run.ts';
import { deployOpening } from '../../render/run-opening.ts';
import { noteWarnings, showSkipped } from '../../survey-input.ts';
import type { Terminal } from '../../terminal.ts';
import { withWorkspace } from '../../use-workspace.ts';
import { limitsIn, limitsOrConfig, withRun, withSurvey } from '../shared-options.ts';

export function addDeployCommand(survey: Command, terminal: Terminal): void {
  withSurvey(withRun(survey.command('deploy')))
    .summary('ask every respondent of an audience')
    .description(
      'Interviews every respondent of an audience. Run again while it runs, it joins the run; after a crash or ' +
        'Ctrl-C it continues where it stopped; after the end it shows the stored answers and makes no call.',
    )
    .argument('<survey>', 'a SurveyJS JSON file')
    .requiredOption('--audience <file>', 'who is asked: CSV with a header, or JSONL; one respondent a line')
    .requiredOption(
      '--model <model>',
      'openai/…, anthropic/…, google/…, openai-compatible/… with --base-url, or simulator, also with settings: simulator?seed=7&latency=50-300 (`panelist simulate --help` lists them)',
    )
    .option('--limit <n>', 'only the first n respondents', wholeNumber(1))
    .addOption(
      new Option('--ask <scope>', 'how much is asked at once')
        .choices(['question', 'page', 'survey'] satisfies AskScope[])
        .default('page'),
    )
    .option(
      '--randomize-options',
      "shuffle every question's options by the seed, and reverse scales for half",
    )
    .option(
      '--replicates <n>',
      'interviews per respondent, to see how consistent they are',
      wholeNumber(1, 100),
    )
    .option(
      '--seed <n>',
      'seed for the model, where it takes one, and for every random order',
      wholeNumber(0),
    )
    .option('--temperature <t>', "the model's temperature (default: the provider's)", decimal(0, 2))
    .option(
      '--locale <locale>',
      "the language of the survey's texts, such as zh-cn (default: the survey's own)",
    )
    .option('--fresh', 'ask everything again, even what was answered before')
    .option('--dry-run', 'show how many calls and tokens it would take, and the first prompts; ask nothing')
    .action(async (path, flags, command) => {
      const read = await readDeployment({ survey: path, audience: flags.audience }, flags);
      const { survey, questionnaire, audience, respondents } = read;
      const deployment: SurveyDeployment = {
        survey,
        questionnaire,
        audience,
        respondents,
        model: flags.model,
        baseUrl: flags.baseUrl,
        temperature: flags.temperature,
        seed: flags.seed,
        ask: flags.ask,
        randomizeOptions: flags.randomizeOptions,
        replicates: flags.replicates,
        fresh: flags.fresh,
      };
      noteWarnings(read, terminal);
      if (flags.dryRun) {
        const { prices, json } = flags;
        const limits = limitsOrConfig(flags);
        const preview = await previewSurvey(deployment, { maxCostUsd: limits.maxCost, prices });
        terminal.out(json ? dryRunJson(preview) : dryRunText(preview, limits));
        return;
      }
      showSkipped(questionnaire, terminal);
      await makeOutputFolder(flags.out ?? flags.outRoot ?? DEFAULT_OUTPUT_FOLDER);
      return withWorkspace(flags, async (workspace) => {
        if (flags.baseUrl !== undefined && isOfConfig(command, 'baseUrl'))
          terminal.err(configAddress(flags.baseUrl));
        if (flags.out !== undefined) await workspace.files.check(answerPaths(flags.out), flags);
        const deployed = await deploy(workspace, deployment, limitsIn(flags));
        const opening = await deployOpening(workspace, deployed, questionnaire.title || basename(path));
        return finishRun(workspace, deployed.task.taskId, opening, flags, terminal);
      });
    });
}
