import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { interview } from './interview/interview.ts';
import type { Questionnaire } from './questionnaire.ts';
import { questionnaire, text } from './testing/build-questionnaire.ts';
import { ScriptedModel } from './testing/scripted-model.ts';
import { upgradeQuestionnaire } from './upgrade-questionnaire.ts';

/** Compiled and stored by the version before computed values had a display and lists their entries. */
const stored = JSON.parse(
  readFileSync(new URL('./testing/stored-questionnaire.json', import.meta.url), 'utf8'),
) as Questionnaire;

describe('a questionnaire stored by an earlier version', () => {
  it('is asked and recorded as before', async () => {
    const model = new ScriptedModel(
      { q1: 4, q2: 'l', q3: 'h', q4: 1, q7: 10 },
      { q5: 'Rex', q8: 20, q9: 'no' },
      { q9: 'so' },
    );
    const { signal } = new AbortController();
    const result = await interview(stored, { id: 'r', persona: {} }, model, { signal });
    expect(model.requests[0]?.messages.at(-1)?.content).toContain('Rate\nFor each of the next 2 choose one:');
    expect(model.requests[1]?.messages.at(-1)?.content).toContain('Why 8?');
    expect(Object.fromEntries(result.answers.map(({ question, value }) => [question, value]))).toEqual({
      n: 4,
      'g.r1': 'l',
      'g.r2': 'h',
      'pets-count': 1,
      'pets[0].call': 'Rex',
      'pets[1].call': null,
      's.from': 10,
      's.to': 20,
      why: 'so',
    });
    expect(result.computed).toEqual({ twice: 8 });
  });

  it('of this version is unchanged', () => {
    const current = questionnaire([text('a')]);
    expect(upgradeQuestionnaire(current)).toBe(current);
  });
});
