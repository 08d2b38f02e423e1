import { describe, expect, it } from 'vitest';
import { interview as english } from '../../languages/en/interview.ts';
import type { ChatReply } from '../../models/chat-model.ts';
import { askedQuestion } from '../prompt/asked-question.ts';
import type { Question } from '../questionnaire.ts';
import { multiple, number, options, rating, single, text } from '../testing/build-questionnaire.ts';
import { type ReplyReading, readReply } from './read-reply.ts';

function read(
  question: Question,
  reply: string,
  finishReason: ChatReply['finishReason'] = 'stop',
): ReplyReading {
  const asked = askedQuestion(question, 'q1', (template) => template, english);
  return readReply([asked], { text: reply, finishReason })[0] as ReplyReading;
}

/** `{"q1": <json>}` for a value given as JSON text. */
const q1 = (json: string): string => `{"q1": ${json}}`;

const yesNo = single('a');
const optional = single('a', { isRequired: false });
const agree = single('a', {
  options: options(['sa', 'Strongly agree'], ['a', 'Agree'], ['n', 'Neither'], ['d', 'Disagree']),
});
const bool = single('a', { options: options([true, 'Yes'], [false, 'No']) });
const ages = single('a', { options: options(['y', '18-24'], ['m', '25-34'], ['o', '5']) });
const twins = single('a', { options: options(['x', 'Other'], ['y', 'other '], ['z', 'None']) });
const codes = single('a', { options: options([2, 'Daily'], [1, 'Weekly'], [30, 'Never']) });
const letters = single('a', { options: options(['B', 'Apples'], ['A', 'Pears']) });
const stars = rating('a');
const meaning = rating('a', { options: options([1, 'Bad'], [2, 'Fair'], [3, 'Good']) });
const optionalAge = number('a', { integer: true, min: 18, isRequired: false });
const optionalStars = rating('a', { isRequired: false });
const offered = single('a', { isRequired: false, options: options(['na', '(No answer)'], ['n', 'Null']) });
const drinks = multiple('a');
const oneOrTwo = multiple('a', { maxSelected: 2 });
const age = number('a', { integer: true, min: 18, max: 99 });
const price = number('a', { min: 0 });
const words = text('a', { maxLength: 20 });
const optionalText = text('a', { isRequired: false });

describe('readReply accepts valid answers, and reports repairs', () => {
  const cases: [string, Question, string, unknown, string[]][] = [
    ['an exact answer', yesNo, q1('"Yes"'), 'Yes', []],
    ['a code fence', yesNo, '```json\n{"q1": "Yes"}\n```', 'Yes', ['code-fence']],
    ['a fence without a language', yesNo, '```\n{"q1": "Yes"}\n```', 'Yes', ['code-fence']],
    [
      'a fence after a lead-in',
      yesNo,
      'Sure:\n\n```json\n{"q1":"Yes"}\n```',
      'Yes',
      ['code-fence', 'surrounding-text'],
    ],
    ['a lead-in', yesNo, 'Here is my answer: {"q1":"Yes"}', 'Yes', ['surrounding-text']],
    ['a Chinese lead-in', yesNo, '好的，以下是我的回答：\n{"q1":"Yes"}', 'Yes', ['surrounding-text']],
    [
      'a lead-in after reasoning',
      yesNo,
      '<think>No?</think>\nSure, here’s my reply:\n{"q1":"Yes"}',
      'Yes',
      ['reasoning', 'surrounding-text'],
    ],
    ['a block of reasoning', yesNo, '<think>{"q1":"No"}? Hm.</think>{"q1":"Yes"}', 'Yes', ['reasoning']],
    ['white space around', yesNo, '\n\n {"q1":"Yes"} \n', 'Yes', []],
    ['another letter case', yesNo, q1('"YES"'), 'Yes', ['letter-case']],
    ['white space in an answer', agree, q1('" Strongly\\n agree "'), 'sa', ['white-space']],
    ['full-width letters', yesNo, q1('"Ｙｅｓ"'), 'Yes', ['unicode']],
    ['full-width capitals', yesNo, q1('"ＹＥＳ"'), 'Yes', ['unicode', 'letter-case']],
    ['a value for its label', agree, q1('"sa"'), 'sa', ['value-for-label']],
    ['a value in capitals', agree, q1('"SA"'), 'sa', ['value-for-label', 'letter-case']],
    ['a boolean for its label', bool, q1('true'), true, ['value-for-label']],
    ['a boolean as a word', bool, q1('"false"'), false, ['value-for-label']],
    ['a label with its right letter', agree, q1('"B. Agree"'), 'a', ['option-prefix']],
    ['a label with its right number', agree, q1('"2) Agree"'), 'a', ['option-prefix']],
    ['a bracketed letter', agree, q1('"(b) agree"'), 'a', ['option-prefix']],
    ['a marked range of numbers', ages, q1('"1) 18-24"'), 'y', ['option-prefix']],
    ['a numbered duplicate', twins, q1('"2) other"'), 'y', []],
    ['what neither duplicate reads as', twins, q1('"None"'), 'z', ['option-prefix']],
    ['a number no place has', codes, q1('30'), 30, ['value-for-label']],
    ['one in a list', yesNo, q1('["Yes"]'), 'Yes', ['list-for-single']],
    ['a key in capitals', yesNo, '{"Q1":"Yes"}', 'Yes', ['letter-case']],
    ['a key more', yesNo, '{"q1":"Yes","why":{"x":[1]}}', 'Yes', ['extra-key']],
    ['the same answer twice', yesNo, '{"q1":"Yes","q1":"Yes"}', 'Yes', ['duplicate-key']],
    ['__proto__ as a key more', yesNo, '{"__proto__":{"q1":"No"},"q1":"Yes"}', 'Yes', ['extra-key']],
    ['an escaped key', yesNo, '{"\\u0071\\u0031":"Yes"}', 'Yes', []],
    ['braces in a text', words, q1('"a } b { \\" c"'), 'a } b { " c', []],
    ['bytes that were not UTF-8', words, q1('"Caf\ufffd"'), 'Caf\ufffd', ['replacement-character']],
    ['null where it is optional', optional, q1('null'), null, []],
    ['an empty text where it is optional', optionalText, q1('""'), null, []],
    ['white space where it is optional', optionalText, q1('" "'), null, ['empty-for-null']],
    ['no answer where it is optional', optionalText, q1('"(no answer)"'), null, []],
    ['no answer to an optional choice', optional, q1('"(No answer)"'), null, ['empty-for-null']],
    ['null as a text where it is optional', optionalText, q1('"null"'), null, ['empty-for-null']],
    ['null as a text where it must be there', words, q1('"null"'), 'null', []],
    ['an optional number as the text that was asked for', optionalAge, q1('"34"'), 34, []],
    ['an optional number left empty', optionalAge, q1('"(no answer)"'), null, []],
    ['an optional point as the text that was asked for', optionalStars, q1('"4"'), 4, []],
    ['an option that reads like no answer', offered, q1('"(no answer)"'), 'na', ['letter-case']],
    ['an option that is called null', offered, q1('"null"'), 'n', ['letter-case']],
    ['a point of a scale', stars, q1('4'), 4, []],
    ['4.0 for 4', stars, q1('4.0'), 4, []],
    ['a scale number as text', stars, q1('"4"'), 4, ['text-for-number']],
    ['a full-width number', stars, q1('"４"'), 4, ['text-for-number', 'unicode']],
    ['a label for its number', meaning, q1('"good"'), 3, ['label-for-value', 'letter-case']],
    ['a number with its label', meaning, q1('"3. Good"'), 3, ['option-prefix', 'label-for-value']],
    ['a list', drinks, q1('["Tea","Water"]'), ['Tea', 'Water'], []],
    ['a list in another order', drinks, q1('["Water","Tea"]'), ['Tea', 'Water'], []],
    ['a single for a list', drinks, q1('"Tea"'), ['Tea'], ['single-for-list']],
    ['the same twice in a list', drinks, q1('["Tea","tea"]'), ['Tea'], ['letter-case', 'duplicate-item']],
    ['an empty list where it is optional', multiple('a', { isRequired: false }), q1('[]'), null, []],
    ['null for an empty list', multiple('a', { isRequired: false }), q1('null'), null, ['empty-for-null']],
    ['a number', age, q1('34'), 34, []],
    ['34.0 for a whole number', age, q1('34.0'), 34, []],
    ['a number as text', age, q1('" 34 "'), 34, ['text-for-number']],
    ['a decimal as text', price, q1('"12.50"'), 12.5, ['text-for-number']],
    ['minus zero', price, q1('-0'), 0, []],
    ['a number for a text', words, q1('12.50'), '12.50', ['number-for-text']],
    ['control characters in a text', words, q1('"a\\u0000b\\u001b[31m"'), 'ab[31m', ['control-characters']],
    ['half a character', words, q1('"a\\ud800"'), 'a\ufffd', ['control-characters']],
    ['space around a text', words, q1('" fine\\n"'), 'fine', ['white-space']],
    ['as many emoji as characters fit', text('a', { maxLength: 3 }), q1('"🙂🙂🙂"'), '🙂🙂🙂', []],
  ];
  it.each(cases)('%s', (_, question, reply, value, repairs) => {
    expect(read(question, reply)).toMatchObject({ fits: true, status: 'answered', value, repairs });
  });

  it('stores the original text, shortened to its limit', () => {
    expect(read(yesNo, '{ "q1" :  "YES" }').raw).toBe('"YES"');
    const long = read(text('a', { maxLength: 9_000 }), q1(`"${'x'.repeat(8_000)}"`));
    expect(long).toMatchObject({ fits: true, value: 'x'.repeat(8_000) });
    expect(long.raw).toHaveLength('x'.repeat(4_000).length + '… [cut: 8002 characters in all]'.length);
  });
});

describe('readReply recognises a refusal', () => {
  const cases: [string, Question, string, string][] = [
    ['to answer', yesNo, q1('"I prefer not to answer."'), 'refused'],
    ['with a curly apostrophe', stars, q1('"I’d rather not say"'), 'refused'],
    ['in Chinese', age, q1('"不想回答。"'), 'refused'],
    ['in a list', drinks, q1('["Prefer not to say"]'), 'refused'],
    ['by not knowing', yesNo, q1('"I don\'t know"'), 'dont-know'],
    ['a free text', words, q1('"Don\'t know"'), 'dont-know'],
    ['a free text, as a model', words, q1('"I cannot answer this question."'), 'refused'],
    ['as a model in Chinese', yesNo, q1('"我无法回答这个问题。"'), 'refused'],
    ['by not knowing, in Chinese', stars, q1('"不知道"'), 'dont-know'],
  ];
  it.each(cases)('%s', (_, question, reply, status) => {
    expect(read(question, reply)).toMatchObject({ fits: true, status, value: null });
  });

  it('except if it is an option', () => {
    const offered = single('a', {
      options: options('Yes', ['dk', 'Don’t know'], ['ref', 'Prefer not to say']),
    });
    expect(read(offered, q1('"Don’t know"'))).toMatchObject({ status: 'answered', value: 'dk' });
    expect(read(offered, q1('"prefer not to say"'))).toMatchObject({ status: 'answered', value: 'ref' });
  });

  it('and a reply that is withheld or refused completely', () => {
    expect(read(yesNo, q1('"Yes"'), 'content-filter')).toMatchObject({ fits: false, status: 'withheld' });
    for (const refusal of [
      "I'm sorry, but I can't help with that.",
      "I'm sorry, but I can't answer that.",
      'I cannot assist with that request.',
      '抱歉，我无法回答这个问题。',
      '我无法回答这个问题。',
      '我不能参与本次调查。',
      'I cannot participate in this survey.',
      'I’m sorry, but I can’t take part in surveys.',
      "As an AI language model, I don't have preferences.",
      'As an AI, I do not have personal opinions or experiences.',
      '作为一个人工智能语言模型，我没有个人偏好。',
      'I prefer not to answer',
    ]) {
      expect(read(yesNo, refusal)).toMatchObject({ fits: false, status: 'refused' });
    }
  });
});

describe('readReply never accepts', () => {
  const cases: [string, Question, string][] = [
    ['nothing', yesNo, ''],
    ['white space', yesNo, ' \n '],
    ['prose', yesNo, 'Yes'],
    ['a bare JSON string', yesNo, '"Yes"'],
    ['a bare null', yesNo, 'null'],
    ['an array around the object', yesNo, '[{"q1":"Yes"}]'],
    ['an array in prose', yesNo, 'Answers: [{"q1":"Yes"}] as asked'],
    ['an array of two', yesNo, '[{"q1":"Yes"},{"q1":"No"}]'],
    ['an object late in an array', yesNo, '[1, {"q1":"Yes"}, 2]'],
    ['two objects', yesNo, '{"q1":"Yes"}\n{"q1":"No"}'],
    ['two equal objects', yesNo, '{"q1":"Yes"}{"q1":"Yes"}'],
    ['two fences', yesNo, '```json\n{"q1":"Yes"}\n```\n```json\n{"q1":"No"}\n```'],
    ['a cut-off second object', yesNo, '{"q1":"Yes"} or rather {"q1":"No"'],
    ['a cut-off outer object', yesNo, '{"draft":{"q1":"Yes"},"final":{"q1":'],
    ['braces in prose before', yesNo, '{maybe} {"q1":"Yes"}'],
    ['an object after the end of another', yesNo, '"q1":"No"} {"q1":"Yes"}'],
    ['a cut-off object', yesNo, '{"q1":"Yes"'],
    ['a cut-off text', words, '{"q1":"I like the'],
    ['single quotes', yesNo, "{'q1':'Yes'}"],
    ['a comment', yesNo, '{"q1":"Yes" /* or No */}'],
    ['a trailing comma', yesNo, '{"q1":"Yes",}'],
    ['an unquoted key', yesNo, '{q1:"Yes"}'],
    ['JSON within a string', yesNo, '"{\\"q1\\":\\"Yes\\"}"'],
    ['reasoning without an end', yesNo, '<think>{"q1":"No"} or {"q1":"Yes"}'],
    ['reasoning without an end around one object', yesNo, '<think>{"q1":"No"}'],
    ['an afterthought', yesNo, '{"q1":"Yes"} Wait, I meant No.'],
    ['thanks, which could be anything', yesNo, '{"q1":"Yes"} Thank you!'],
    ['a remark in brackets', yesNo, '{"q1":"Yes"} (not really; ignore this)'],
    ['an afterthought behind a fence', yesNo, '```json\n{"q1":"Yes"}\n```\nNo.'],
    ['a denial before', yesNo, 'I would never say {"q1":"Yes"}'],
    ['a denial that leads in', yesNo, 'I would never say: {"q1":"Yes"}'],
    ['a wrong answer', yesNo, 'The wrong answer is {"q1":"Yes"}; mine is No'],
    ['a wrong answer that leads in', yesNo, 'The wrong answer is: {"q1":"Yes"}'],
    ['a fence that is not closed', yesNo, '```json\n{"q1":"Yes"}'],
    ['a fence that is not opened', yesNo, '{"q1":"Yes"}\n```'],
    ['a lead-in without end', yesNo, `${'my '.repeat(40)}answer: {"q1":"Yes"}`],
    ['no answer where one is needed', words, q1('"(no answer)"')],
    ['no answer to a choice where one is needed', yesNo, q1('"(no answer)"')],
    ['a refusal that goes on', yesNo, 'I cannot answer this question without Yes.'],
    ['reasoning without a reply', yesNo, '<think>{"q1":"Yes"}</think>'],
    ['an empty object', yesNo, '{}'],
    ['another key', yesNo, '{"q2":"Yes"}'],
    ['the name for the key', yesNo, '{"a":"Yes"}'],
    ['a missing key where it is optional', optional, '{}'],
    ['a key on __proto__', yesNo, '{"__proto__":{"q1":"Yes"}}'],
    ['the schema', yesNo, '{"type":"object","properties":{"q1":{"enum":["Yes","No"]}}}'],
    ['a wrapped object', yesNo, '{"answers":{"q1":"Yes"}}'],
    ['contradicting duplicates', yesNo, '{"q1":"Yes","q1":"No"}'],
    ['duplicates that differ in case', yesNo, '{"q1":"Yes","Q1":"No"}'],
    ['duplicates that differ in escapes', yesNo, '{"q1":"Yes","\\u00711":"No"}'],
    ['null where it is required', yesNo, q1('null')],
    ['an empty text where it is required', words, q1('""')],
    ['white space where a text is required', words, q1('" \\n "')],
    ['only control characters', words, q1('"\\u0000"')],
    ['an empty list where it is required', drinks, q1('[]')],
    ['no option', yesNo, q1('"Maybe"')],
    ['an empty option', yesNo, q1('""')],
    ['two options in a list', yesNo, q1('["Yes","No"]')],
    ['two options in a text', yesNo, q1('"Yes, No"')],
    ['two options with or', yesNo, q1('"Yes or No"')],
    ['an option in a sentence', yesNo, q1('"Yes, I do"')],
    ['an option with a reason', agree, q1('"Agree, because it is so"')],
    ['an option denied', agree, q1('"not Agree"')],
    ['half of an option', agree, q1('"Strongly"')],
    ['an option and a dot more', yesNo, q1('"Yes…"')],
    ['a number for a place', agree, q1('1')],
    ['a number as text for a place', agree, q1('"2"')],
    ['a letter for a place', agree, q1('"B"')],
    ['a letter that is one value and another place', agree, q1('"A"')],
    ['a letter with a dot alone', agree, q1('"B."')],
    ['the wrong letter before an option', agree, q1('"A. Agree"')],
    ['the wrong number before an option', agree, q1('"3) Agree"')],
    ['a decimal that ends in an option', ages, q1('"3.5"')],
    ['a time that ends in an option', ages, q1('"3:5"')],
    ['a number that is one value and another place', codes, q1('2')],
    ['the same as text', codes, q1('"1"')],
    ['a letter that is one value and another place, both ways', letters, q1('"A"')],
    ['the text of duplicates', twins, q1('"Other"')],
    ['the text of duplicates in capitals', twins, q1('"OTHER"')],
    ['a duplicate with the wrong number', twins, q1('"3) Other"')],
    ['true for a word', yesNo, q1('true')],
    ['an object for an option', yesNo, q1('{"value":"Yes"}')],
    ['a list in a list', yesNo, q1('[["Yes"]]')],
    ['a number off the scale', stars, q1('6')],
    ['zero on a scale from one', stars, q1('0')],
    ['between two points', stars, q1('3.5')],
    ['a range', stars, q1('"3-4"')],
    ['a share of the scale', stars, q1('"4/5"')],
    ['a number with a word', stars, q1('"4 stars"')],
    ['two points', stars, q1('[3,4]')],
    ['a number with another’s label', meaning, q1('"1. Good"')],
    ['an option and none', drinks, q1('["Tea","Cocoa"]')],
    ['a list in one text', drinks, q1('"Tea, Coffee"')],
    ['a list in one text of a list', drinks, q1('["Tea, Coffee"]')],
    ['too many', oneOrTwo, q1('["Tea","Coffee","Water"]')],
    ['too few', multiple('a', { minSelected: 2 }), q1('["Tea"]')],
    ['too few once the same is taken as one', multiple('a', { minSelected: 2 }), q1('["Tea","TEA"]')],
    ['null in a list', drinks, q1('["Tea",null]')],
    ['places in a list', drinks, q1('[1,2]')],
    ['an object for a list', drinks, q1('{"Tea":true}')],
    ['a number below', age, q1('17')],
    ['a number above', age, q1('100')],
    ['a fraction for a whole number', age, q1('34.5')],
    ['a number with letters', age, q1('"34abc"')],
    ['a number with a unit', age, q1('"34 years"')],
    ['a number in words', age, q1('"thirty-four"')],
    ['hexadecimal', age, q1('"0x22"')],
    ['an exponent as text', price, q1('"1e3"')],
    ['a thousands separator', price, q1('"1,200"')],
    ['a decimal comma', price, q1('"12,5"')],
    ['a range of numbers', age, q1('"30-40"')],
    ['a number too big to hold', price, q1('1e400')],
    ['a number that loses digits', price, q1('12345678901234567890')],
    ['true for a number', price, q1('true')],
    ['an empty text for a number', age, q1('""')],
    ['two numbers', age, q1('[34,35]')],
    ['NaN', price, q1('NaN')],
    ['a text too long', words, q1('"This is far longer than twenty characters."')],
    ['a text longer than any', text('a'), q1(`"${'x'.repeat(10_001)}"`)],
    ['true for a text', words, q1('true')],
    ['an object for a text', words, q1('{"text":"fine"}')],
    ['two texts', words, q1('["fine","bad"]')],
    ['a refusal within a sentence', yesNo, q1('"I prefer not to answer, but maybe Yes"')],
    ['a word that only may decline', yesNo, q1('"Not sure"')],
    ['a reply beyond all size', yesNo, `{"x":"${'x'.repeat(100_000)}","q1":"Yes"}`],
    ['nesting without end', yesNo, q1('['.repeat(40_000) + ']'.repeat(40_000))],
  ];
  it.each(cases)('%s', (_, question, reply) => {
    const reading = read(question, reply);
    expect(reading).toMatchObject({ fits: false, status: 'invalid' });
    expect(reading.fits || reading.problem.length).toBeLessThan(300);
  });

  it('a reply that was cut off, even if it looks complete', () => {
    expect(read(yesNo, q1('"Yes"'), 'length')).toMatchObject({ fits: false, status: 'invalid' });
  });
});

describe('a regular expression with catastrophic backtracking', () => {
  it('makes the answer invalid without blocking the process', () => {
    const endless = { pattern: '^([\\w\\s.,:()]+)+#$', flags: '', message: 'End with #.' };
    const question = text('a', { patterns: [endless] });
    expect(read(question, q1('"A sentence that does not end as it should."'))).toMatchObject({
      fits: false,
      problem: 'the text is too long to be checked: End with #.',
    });
    expect(read(question, q1('"Short #"'))).toMatchObject({ fits: true });
  });
});
