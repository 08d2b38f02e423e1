import { describe, expect, it } from 'vitest';
import { readGroupReply } from './read-group-reply.ts';

const read = (text: string, finishReason: 'stop' | 'length' | 'content-filter' = 'stop') =>
  readGroupReply({ text, finishReason }, 'Ada', ['Bo', 'Dr. No (x)']);

describe('a reply is taken as it is, but for what is around it', () => {
  it.each([
    ['I like soup.', 'I like soup.', []],
    ['  I like soup.\n\nA lot.  ', 'I like soup.\nA lot.', []],
    ['Ada: I like soup.', 'I like soup.', ['own-name-removed']],
    ['**Ada**: I like soup.', 'I like soup.', ['own-name-removed']],
    ['ada：我喜欢汤。', '我喜欢汤。', ['own-name-removed']],
    ['"I like soup."', 'I like soup.', ['quotes-removed']],
    ['“Soup” is what I said, not “salad”', '“Soup” is what I said, not “salad”', []],
    ['<think>Who am I?</think> Soup.', 'Soup.', ['thinking-removed']],
    ['<think>x</think>Ada: "Soup."', 'Soup.', ['thinking-removed', 'own-name-removed', 'quotes-removed']],
    ['```text\nI like soup.\n```', 'I like soup.', ['code-fence-removed']],
    ['Sure, here we go again, soup.', 'Sure, here we go again, soup.', []],
    ['I would let me know the price first.', 'I would let me know the price first.', []],
    ['好的，我喜欢汤。', '好的，我喜欢汤。', []],
    ['[laughs] I like soup.', '[laughs] I like soup.', []],
    ['As an AI sceptic, I would say no.', 'As an AI sceptic, I would say no.', []],
    ['I agree with Bo: soup it is.', 'I agree with Bo: soup it is.', []],
    ['A caf\ufffd, "please".', 'A caf\ufffd, "please".', ['replacement-character']],
    ['Ada\u001b[31m red\u0000', 'Ada [31m red', []],
  ])('%j', (text, said, repairs) => {
    expect(read(text)).toEqual({ text: said, repairs });
  });
});

describe('a reply that nobody said is refused, with what to do better', () => {
  it.each([
    ['', /empty/],
    [' \n ', /empty/],
    ['Ada:', /empty/],
    ['I like soup.\nBo: I do not.', /speaks for Bo/],
    ['**Dr. No (x)**: Soup!', /speaks for Dr\. No/],
    ["I'm sorry, but I can't assist with that request.", /stay in the role/],
    ['As an AI language model, I have no taste.', /stay in the role/],
    ['作为一个人工智能助手，我没有味觉。', /stay in the role/],
    ['{"answer":"I like soup."}', /data or code/],
    ["{'answer': 'I like soup.'}", /data or code/],
    ['["I like soup."]', /data or code/],
    ['```json\n{"answer":"I like soup."}\n```', /data or code/],
    ['I like soup.\n```\nsoup()\n```', /data or code/],
    ['Sure! Here is my answer:\n\nI like soup.', /words around it/],
    ['I like soup.\n\nLet me know if you need anything else.', /words around it/],
    ['好的，以下是我的回答：我喜欢汤。', /words around it/],
    ['a'.repeat(8_001), /8001 characters/],
  ])('%j', (text, problem) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'REPLY_UNUSABLE', message: expect.stringMatching(problem) }),
    );
  });

  it('that was cut off or withheld too', () => {
    expect(() => read('I like', 'length')).toThrow(/cut off/);
    expect(() => read('I like', 'content-filter')).toThrow(/withheld/);
  });
});
