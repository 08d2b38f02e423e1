import { z } from 'zod';
import { expressionParts } from '../../survey/expressions/expressions.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';
import type { FocusGroupGuide } from './guide.ts';
import { type GuideDocument, positionText } from './guide-document.ts';
import { GuideError, guideProblems, type PlacedGuideProblem, pathText } from './guide-problems.ts';

/** Characters of one message of the host's. */
export const maxMessage = 4_000;
/** Characters of what the host shows. */
const maxStimulus = 20_000;
const maxProblems = 10;
/** `en`, `zh-CN`. */
export const languageTag: RegExp = /^[a-z]{2,3}(-[A-Za-z\d]{2,8})*$/;

const text = (max: number): z.ZodString =>
  z.string().min(1).max(max).regex(/\S/, 'Expected a text that is not blank');
const message = text(maxMessage);
const words = z.int().min(5).max(500).describe('How long a reply is asked to be, words');
const expression = text(1_000).refine(
  (value) => expressionParts(value) !== null,
  "Expected an expression such as {age} > 40 and {diet} = 'vegan'",
);

const speakers = z
  .union(
    [
      z.literal('all'),
      z.strictObject({ ids: z.array(text(200)).min(1).max(1_000) }),
      z.strictObject({ where: expression }),
      z.strictObject({ random: z.int().min(1) }),
      z.strictObject({ quietest: z.int().min(1) }),
    ],
    { error: 'Expected "all", { ids: […] }, { where: "{age} > 40" }, { random: 3 } or { quietest: 3 }' },
  )
  .describe('Who answers');

const question = {
  message: message.describe('What the host says'),
  stimulus: text(maxStimulus).optional().describe('A text that the host shows with it'),
  speakers: speakers.optional(),
  mode: z
    .enum(['simultaneous', 'in-turn'])
    .optional()
    .describe('simultaneous: everyone answers the same frozen transcript; in-turn: each hears those before'),
  replyWords: words.optional(),
};

const round = z.strictObject({
  ...question,
  followUps: z
    .array(z.union([message, z.strictObject(question)]))
    .max(20)
    .optional()
    .describe("Asked one after the other, after the round; a text is asked of the round's speakers"),
});

const guide = z.strictObject({
  $schema: z.string().max(2_000).optional(),
  title: text(500),
  language: text(35)
    .regex(languageTag, 'Expected a language tag, such as en or zh-CN')
    .optional()
    .describe('What is spoken: a language tag, such as en or zh-CN; en where it is left out'),
  participants: z.strictObject({
    audience: text(1_000).optional().describe("A CSV or JSONL file in the guide's folder"),
    ids: z.array(text(200)).min(1).max(1_000).optional().describe('Only these respondents, in this order'),
    where: expression.optional().describe('Only those whose persona fits, such as {age} > 40'),
    limit: z.int().min(1).max(1_000).optional().describe('Only the first so many'),
  }),
  model: text(200).optional().describe('provider/model, or simulator'),
  baseUrl: text(2_000).optional(),
  temperature: z.number().min(0).max(2).optional(),
  seed: z.int().min(0).optional().describe('Given to the model, and what every order is drawn by'),
  replyWords: words.optional(),
  poll: z
    .strictObject({
      survey: z
        .union([text(1_000), z.record(z.string(), z.unknown())], {
          error: 'Expected a SurveyJS survey, such as { elements: [ … ] }, or the path of one',
        })
        .describe("A SurveyJS survey, such as { elements: [ … ] }, or the path of one in the guide's folder"),
      before: z.boolean().optional(),
      after: z.boolean().optional(),
    })
    .optional()
    .describe('Questions that each participant answers alone, before and after'),
  moderator: z
    .strictObject({
      model: text(200).optional(),
      instructions: message.optional(),
      maxActionsPerRound: z.int().min(1).max(10).optional(),
      maxActions: z.int().min(1).max(200).optional(),
      maxTokens: z.int().min(1_000).optional(),
    })
    .optional()
    .describe('A model that leads the talk between the rounds; without it the messages stand as written'),
  rounds: z
    .array(round)
    .max(100)
    .optional()
    .describe('What the host says, in order; none in a group that is led live'),
});

/**
 * Checks a guide that came from a file or from a caller.
 *
 * @param positionOf where in the file something is
 * @throws GuideError `GUIDE_INVALID`, with every part that is wrong; its message names the first 10
 */
export function parseGuide(value: unknown, positionOf?: GuideDocument['positionOf']): FocusGroupGuide {
  const checked = guide.safeParse(value);
  if (checked.success) return checked.data;
  const problems = guideProblems(value, checked.error, guideJsonSchema()).map(
    ({ path, text, isName }): PlacedGuideProblem => ({
      path: pathText(path),
      text: terminalSafe(text),
      position: positionOf?.(path, isName) ?? null,
    }),
  );
  const lines = problems.slice(0, maxProblems).map(({ path, text, position }) => {
    const at = position === null ? '' : ` (${positionText(position)})`;
    return `  ${terminalSafe(`${path}${at}`)}: ${text}`;
  });
  const more = problems.length > maxProblems ? `\n  … and ${problems.length - maxProblems} more` : '';
  throw new GuideError(`The focus group's guide is not valid:\n${lines.join('\n')}${more}`, problems);
}

/** The JSON Schema (draft 2020-12) of a guide file, as it is published in `focus-group-guide.schema.json`. */
export function guideJsonSchema(): Readonly<Record<string, unknown>> {
  return { title: 'Panelist focus group guide', ...z.toJSONSchema(guide, { io: 'input' }) };
}
