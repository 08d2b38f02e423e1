import { describe, expect, it } from 'vitest';
import { interview as english } from '../../languages/en/interview.ts';
import type { InterviewTexts } from '../../languages/messages.ts';
import { interview as chinese } from '../../languages/zh/interview.ts';
import { answerSchema } from '../../survey/prompt/answer-schema.ts';
import { askedQuestion } from '../../survey/prompt/asked-question.ts';
import { writePage } from '../../survey/prompt/page-prompt.ts';
import type { Question } from '../../survey/questionnaire.ts';
import { type ReplyReading, readReply } from '../../survey/reply/read-reply.ts';
import {
  multiple,
  number,
  options,
  ranking,
  rating,
  single,
  text,
} from '../../survey/testing/build-questionnaire.ts';
import { respond } from './respond.ts';

/** What so many people reply to a page, as the survey reads it: one list of readings a question. */
function readings(questions: readonly Question[], frame: InterviewTexts, people = 150): ReplyReading[][] {
  const asked = questions.map((question, index) => askedQuestion(question, `q${index + 1}`, (t) => t, frame));
  const found: ReplyReading[][] = asked.map(() => []);
  for (let person = 0; person < people; person++) {
    const request = {
      model: 'panelist-simulator',
      messages: [
        { role: 'system', content: `${frame.person}\n- name: P${person}` },
        { role: 'user', content: writePage([], asked) },
      ],
      response_format: { type: 'json_schema', json_schema: answerSchema(asked) },
    } as Parameters<typeof respond>[0];
    const reply = {
      text: respond(request, { seed: 1, mistake: false, firstOptionBias: 0 }).text,
      finishReason: 'stop',
    } as const;
    for (const [index, reading] of readReply(asked, reply).entries()) found[index]?.push(reading);
  }
  return found;
}

const many = options(...Array.from({ length: 400 }, (_, index) => `Place ${index}`));
const scale = options(...Array.from({ length: 300 }, (_, index) => index + 5));
const optional = { isRequired: false } as const;

const questions = [
  single('a', { title: 'Where do you live?', description: 'Roughly.', options: many }),
  multiple('b', { title: 'Where have you been?', options: many, minSelected: 2, maxSelected: 4 }),
  rating('c', { title: 'How warm is it?', options: scale, minDescription: 'Cold, 3 or so' }),
  single('d', { ...optional, title: 'Where would you go?', options: many }),
  rating('e', { ...optional, title: 'How nice is it?', options: scale }),
  rating('f', { ...optional, title: 'How clean is it?' }),
  single('g', { ...optional, title: 'Do you stay?' }),
  number('h', { ...optional, title: 'How many rooms?', min: 1, max: 9, integer: true }),
  number('i', { ...optional, title: 'What does it cost?', min: 0 }),
  text('j', { ...optional, title: 'Why?', maxLength: 80 }),
  ranking('k', { title: 'Which matters most?', options: options('Price', 'Taste', 'Care', 'Distance') }),
  ranking('l', { title: 'Which three?', options: many, minSelected: 3, maxSelected: 3 }),
  text('m', { title: 'When?', format: 'date', earliest: '2026-01-10', latest: '2026-03-01' }),
  text('n', { title: 'At what hour?', format: 'time', earliest: '08:00', latest: '18:30' }),
  text('o', { title: 'Exactly when?', format: 'datetime-local' }),
  text('p', { title: 'Which month?', format: 'month', latest: '2026-06' }),
  text('q', { title: 'Which week?', format: 'week', earliest: '2026-W02' }),
  text('r', { title: 'Your mail?', format: 'email' }),
  text('s', { title: 'Your page?', format: 'url' }),
  text('t', { title: 'Your number?', format: 'tel' }),
  text('u', { title: 'Your colour?', format: 'color' }),
  number('x', {
    title: 'How often?',
    min: 0,
    max: 10,
    integer: true,
    labels: [
      { value: 0, text: 'Never, or 3 times' },
      { value: 10, text: 'Always' },
    ],
  }),
  number('y', { ...optional, title: 'How cold at most?', max: -3 }),
  multiple('z', { title: 'Which two?', options: many, minSelected: 2, maxSelected: 2 }),
  multiple('za', { title: 'Which, two or more?', options: many, minSelected: 2 }),
  multiple('zb', { title: 'Which, if any?', options: many, isRequired: false }),
  number('v', { title: 'How much in fives?', min: 5, max: 100, step: 5, integer: true }),
  text('w', { title: 'Say more.', minLength: 120, maxLength: 400 }),
];

/** The same in Chinese, but for its options. */
const inChinese = questions.map(
  (question): Question => ({
    ...question,
    title: `第 ${question.name} 题：请回答（${question.title}）`,
    description: question.description === '' ? '' : '大概即可。',
  }),
);

describe.each([
  ['English', questions, english],
  ['Chinese', inChinese, chinese],
])('a page of a survey in %s', (_, questions, frame) => {
  const found = readings(questions, frame);

  it.each(questions.map((question, index) => [question.title, index] as const))(
    'gets valid answers without repairs: %s',
    (__, index) => {
      for (const reading of found[index] ?? [])
        expect(reading).toMatchObject({ fits: true, status: 'answered', repairs: [] });
    },
  );

  it('has some empty answers to optional questions only', () => {
    const empty = found.map(
      (each) => each.filter((reading) => reading.fits && reading.value === null).length,
    );
    for (const [index, question] of questions.entries()) {
      if (question.isRequired) expect(empty[index]).toBe(0);
      else expect(empty[index]).toBeLessThan(20);
    }
    expect(empty.filter((count) => count > 0).length).toBeGreaterThan(4);
  });

  it('gets different answers from different people', () => {
    for (const each of found)
      expect(
        new Set(each.map((reading) => reading.fits && JSON.stringify(reading.value))).size,
      ).toBeGreaterThan(2);
  });
});
