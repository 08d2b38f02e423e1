import { expect, it } from 'vitest';
import { dryRunGroup } from './dry-run-group.ts';
import { runFocusGroup } from './run-focus-group.ts';
import { groupModel, groupRunner, guideOf, people } from './testing/build-group.ts';

const poll = { survey: { elements: [{ type: 'boolean', name: 'again', title: 'Again?' }] } };
const options = { focusGroupId: 'lunch', audience: people };

it('counts the calls that the group makes, and shows the first as they are sent', async () => {
  const guide = guideOf({
    poll,
    rounds: [
      { message: 'Hi?', followUps: ['Why?'] },
      { message: 'Ho?', speakers: { random: 2 } },
    ],
  });
  const reckoned = await dryRunGroup(guide, options);
  const model = groupModel(({ request }) => (request.replySchema === null ? 'Soup.' : '{"q1":"Yes"}'));
  await runFocusGroup(guide, { ...options, runner: groupRunner(model) });
  expect(reckoned).toMatchObject({ participants: 3, rounds: 3, calls: { min: 14, expected: 14, max: 14 } });
  expect(model.asked).toHaveLength(14);
  const [ofPoll, ofTalk] = reckoned.first;
  expect(ofPoll).toEqual(model.asked[0]?.request);
  expect(ofTalk).toEqual(model.asked.find(({ request }) => request.replySchema === null)?.request);
  const { inputTokens: sent, outputTokens: received } = reckoned;
  expect(sent.min).toBeLessThan(sent.expected);
  expect(received.max).toBeGreaterThan(received.expected);
});

it('reaches from a moderator that does nothing to one that does all that it may', async () => {
  const { calls, rounds } = await dryRunGroup(
    guideOf({ moderator: { maxActionsPerRound: 2, maxActions: 3 } }),
    options,
  );
  // Two rounds of three, each with a decision; three rounds more, of three, and a decision for each.
  expect(calls).toEqual({ min: 8, expected: 13, max: 18 });
  expect(rounds).toBe(2);
});

it('refuses what the run would refuse', async () => {
  await expect(dryRunGroup(guideOf({ model: undefined }), options)).rejects.toMatchObject({
    code: 'GUIDE_INVALID',
  });
});
