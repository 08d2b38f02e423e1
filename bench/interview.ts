/** Measures the CPU time of one interview without a model, compared with the same answers in SurveyJS's own `Model`. */
import { readFileSync } from 'node:fs';
import { Model } from 'survey-core';
import { StubModel } from '../packages/panelist/src/models/stub-model.ts';
import { importSurveyJs } from '../packages/panelist/src/survey/import/import-surveyjs.ts';
import { interview } from '../packages/panelist/src/survey/interview/interview.ts';
import { median } from './median.ts';

const survey = new URL('../examples/weekly-market.survey.json', import.meta.url);
const json: unknown = JSON.parse(readFileSync(survey, 'utf8'));
const questionnaire = importSurveyJs(json);
const { signal } = new AbortController();
let respondent = 0;

const hold = () => {
  respondent += 1;
  const model = new StubModel('stub', respondent);
  return interview(questionnaire, { id: `r${respondent}`, persona: {} }, model, { signal });
};
const { answers } = await hold();

function fill(): void {
  const model = new Model(json as object);
  for (const { question, value } of answers) {
    const live = model.getQuestionByName(question);
    if (live && value !== null) live.value = value;
  }
}

/** Milliseconds of CPU per call. */
async function cpu(run: () => unknown, calls: number): Promise<number> {
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call += 1) await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / calls;
}

await cpu(hold, 100);
await cpu(fill, 20);
const rounds: { readonly ours: number; readonly theirs: number }[] = [];
for (let round = 0; round < 5; round += 1)
  rounds.push({ ours: await cpu(hold, 200), theirs: await cpu(fill, 40) });
const ours = median(rounds.map((round) => round.ours));
const theirs = median(rounds.map((round) => round.theirs));
const ratio = median(rounds.map((round) => round.theirs / round.ours));
console.log(`Panelist: ${ours.toFixed(2)} ms of CPU an interview, prompts and replies included`);
console.log(
  `SurveyJS's Model with the same answers: ${theirs.toFixed(2)} ms, ${ratio.toFixed(0)} times as much`,
);
