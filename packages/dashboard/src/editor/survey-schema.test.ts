import { readFile } from 'node:fs/promises';
import { CompletionContext } from '@codemirror/autocomplete';
import { json } from '@codemirror/lang-json';
import { EditorState } from '@codemirror/state';
import { Serializer } from 'survey-core';
import { describe, expect, it } from 'vitest';
import { surveyCompletions } from './survey-completions.ts';
import { type JsonSchema, SurveySchema } from './survey-schema.ts';

const definition = Serializer.generateSchema() as JsonSchema;
const complete = surveyCompletions(new SurveySchema(definition));

/** What is proposed at the `|` of a text. */
function proposed(marked: string): readonly string[] {
  const position = marked.indexOf('|');
  const state = EditorState.create({ doc: marked.replace('|', ''), extensions: json() });
  const result = complete(new CompletionContext(state, position, true));
  return result?.options.map(({ displayLabel = '' }) => displayLabel) ?? [];
}

describe('completions of a survey', () => {
  it('are the keys of the survey at the top', () => {
    const keys = proposed('{ "title": "x", "| }');
    expect(keys).toEqual(expect.arrayContaining(['pages', 'locale', 'triggers']));
    expect(keys).not.toContain('title');
  });

  it('are the keys of a question of the type that it has', () => {
    const inQuestion = (type: string) =>
      proposed(`{ "pages": [{ "elements": [{ "type": "${type}", "name": "q", "|" }] }] }`);
    expect(inQuestion('radiogroup')).toEqual(expect.arrayContaining(['choices', 'visibleIf', 'isRequired']));
    expect(inQuestion('rating')).toEqual(expect.arrayContaining(['rateMax', 'visibleIf']));
    expect(inQuestion('rating')).not.toContain('choices');
  });

  it('are types of elements, without those that nothing has', () => {
    const types = proposed('{ "pages": [{ "elements": [{ "type": "|" }] }] }');
    expect(types).toEqual(expect.arrayContaining(['radiogroup', 'panel', 'comment']));
    expect(types).not.toContain('textbase');
  });

  it('are types of triggers and validators as a survey writes them', () => {
    expect(proposed('{ "triggers": [{ "type": "|" }] }')).toContain('complete');
    expect(proposed('{ "elements": [{ "type": "text", "validators": [{ "type": "|" }] }] }')).toContain(
      'numeric',
    );
  });

  it('are the values of a key that has few', () => {
    const at = (key: string) =>
      proposed(`{ "pages": [{ "elements": [{ "type": "checkbox", "${key}": | }] }] }`);
    expect(at('choicesOrder')).toEqual(['none', 'asc', 'desc', 'random']);
    expect(at('isRequired')).toEqual(['true', 'false']);
    expect(at('title')).toEqual([]);
  });

  it('are none in a text, in a list, and outside', () => {
    expect(proposed('{ "title": "what |" }')).toEqual([]);
    expect(proposed('{ "pages": [ | ] }')).toEqual([]);
    expect(proposed('|')).toEqual([]);
  });

  it('add the colon behind a key, once', () => {
    const apply = (text: string) => {
      const state = EditorState.create({ doc: text, extensions: json() });
      const options = complete(new CompletionContext(state, text.indexOf('"ti') + 3, true))?.options;
      return options?.find(({ displayLabel }) => displayLabel === 'title')?.apply;
    };
    expect(apply('{ "ti" }')).toBe('"title": ');
    expect(apply('{ "ti": 1 }')).toBe('"title"');
  });
});

it('has the schema that survey-core brings along as its Serializer makes it', async () => {
  const file = new URL('../surveyjs_definition.json', import.meta.resolve('survey-core'));
  const brought = JSON.parse(await readFile(file, 'utf8'));
  expect(Object.keys(brought.definitions)).toEqual(Object.keys(definition.definitions ?? {}));
  expect(brought.properties).toEqual(definition.properties);
});
