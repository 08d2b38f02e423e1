/**
 * Measures the cost of a focus group's memory: input tokens of all calls (replies and summaries) in groups of 5, 10 and 20
 * rounds, by the simulator's estimate, as medians over seeds. For comparison it prints the tokens of the replies' calls if
 * each prompt contained all earlier rounds word for word.
 *
 * `node bench/focus-group.ts [participants] [seeds]`
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkspace, readGroup, runFocusGroup, type Transcript } from '../packages/panelist/src/index.ts';
import { estimateTokens } from '../packages/panelist/src/models/tokens.ts';
import { median } from './median.ts';

const PARTICIPANTS = Number(process.argv[2] ?? 8);
const SEEDS = Number(process.argv[3] ?? 5);
const ROUNDS = [5, 10, 20];

interface Cost {
  /** Input tokens of all calls. */
  readonly total: number;
  readonly summaries: number;
  /** Mean over the calls of the last round. */
  readonly lastRound: number;
  readonly wordForWord: number;
}

const folder = await mkdtemp(join(tmpdir(), 'panelist-bench-'));
const workspace = await openWorkspace({
  database: join(folder, 'groups.db'),
  limits: { maxConcurrency: 50 },
});
const audience = Array.from({ length: PARTICIPANTS }, (_, n) => ({
  id: `p${n}`,
  persona: {
    name: `Person ${n}`,
    age: String(20 + n),
    work: n % 2 ? 'teacher' : 'nurse',
    district: 'old town',
  },
}));

async function costOf(rounds: number, seed: number): Promise<Cost> {
  const focusGroupId = `group-${rounds}-${seed}`;
  const guide = {
    title: 'A market hall',
    model: 'simulator',
    seed,
    participants: {},
    rounds: Array.from({ length: rounds }, (_, n) => ({
      message: `What do you think of plan number ${n + 1} for the hall?`,
    })),
  };
  const { transcript } = await runFocusGroup(guide, { runner: workspace.runner, focusGroupId, audience });
  const replies = inputTokens(transcript);
  const { turns } = await readGroup(workspace.tasks, focusGroupId);
  let summaries = 0;
  for (const { task } of turns.filter(({ step }) => step.startsWith('summary'))) {
    const { entries } = await workspace.tasks.store.results(task.taskId);
    for (const { result } of entries) summaries += (result as { inputTokens: number }).inputTokens;
  }
  const total = replies.flat().reduce((sum, tokens) => sum + tokens, summaries);
  const last = replies.at(-1) ?? [];
  const lastRound = last.reduce((sum, tokens) => sum + tokens, 0) / last.length;
  return { total, summaries, lastRound, wordForWord: wordForWord(transcript, replies) };
}

function inputTokens({ rounds }: Transcript): number[][] {
  return rounds.map(({ replies }) =>
    replies.map((reply) => (reply.status === 'replied' ? reply.inputTokens : 0)),
  );
}

/** Tokens of the replies' calls if each prompt contained all earlier rounds; the first round's prompts contain none. */
function wordForWord({ rounds }: Transcript, replies: readonly (readonly number[])[]): number {
  const bare = (replies[0] ?? []).reduce((sum, tokens) => sum + tokens, 0);
  let before = 0;
  let sum = 0;
  for (const { message, replies: said } of rounds) {
    sum += bare + before * said.length;
    before += estimateTokens(`Host: ${message}\n`);
    for (const reply of said)
      if (reply.status === 'replied') before += estimateTokens(`${reply.name}: ${reply.text}\n`);
  }
  return sum;
}

console.log(`${PARTICIPANTS} participants, medians of ${SEEDS} groups; input tokens`);
console.log('rounds      total  a round  last round, a call  of it summaries  word for word  saved');
const totals: number[] = [];
for (const rounds of ROUNDS) {
  const costs: Cost[] = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) costs.push(await costOf(rounds, seed));
  const of = (key: keyof Cost): number => median(costs.map((cost) => cost[key]));
  totals.push(of('total'));
  const cells = [
    String(rounds).padStart(6),
    Math.round(of('total')).toLocaleString('en').padStart(10),
    Math.round(of('total') / rounds)
      .toLocaleString('en')
      .padStart(8),
    Math.round(of('lastRound')).toLocaleString('en').padStart(19),
    `${Math.round((100 * of('summaries')) / of('total'))} %`.padStart(16),
    Math.round(of('wordForWord')).toLocaleString('en').padStart(14),
    `${(of('wordForWord') / of('total')).toFixed(2)} ×`.padStart(6),
  ];
  console.log(cells.join(' '));
}
const [five = 1, ten = 1, twenty = 1] = totals;
const early = (ten - five) / 5;
const late = (twenty - ten) / 10;
console.log(
  `a further round: ${Math.round(early).toLocaleString('en')} up to 10 rounds, ${Math.round(late).toLocaleString('en')} up to 20: ${(late / early).toFixed(2)} ×`,
);
await workspace.close();
await rm(folder, { recursive: true });
