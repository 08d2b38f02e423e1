import { mix } from '../random/hash-draws.ts';

type Reply = Readonly<Record<string, unknown>>;

/**
 * Ways in which models spoil a reply's form; the first ones leave what it says as it was. A client must never take one
 * of the others for an answer that nobody gave.
 */
const ways: readonly ((reply: Reply, text: string) => string)[] = [
  (_, text) => `\`\`\`json\n${text}\n\`\`\``,
  (_, text) => `Sure! Here is my answer:\n\n${text}\n\nLet me know if you need anything else.`,
  (_, text) => `<think>As this person I would say ${text}</think>\n${text}`,
  (reply) =>
    JSON.stringify(changed(reply, (value) => (typeof value === 'string' ? value.toUpperCase() : value))),
  (reply) => JSON.stringify(changed(reply, (value) => (typeof value === 'string' ? `  ${value} ` : value))),
  (reply) => JSON.stringify(changed(reply, (value) => (typeof value === 'number' ? String(value) : value))),
  (reply) => JSON.stringify(changed(reply, (value) => (Array.isArray(value) ? value : [value]))),
  (reply) => JSON.stringify(changed(reply, () => 'B')),
  (reply) =>
    JSON.stringify(
      changed(reply, (value) => (typeof value === 'number' ? value + 100 : `${value} or maybe not`)),
    ),
  (reply) => JSON.stringify(changed(reply, (value) => `I would say "${value}", but not really.`)),
  (reply) => JSON.stringify(changed(reply, (value) => ({ answer: value }))),
  (reply) => JSON.stringify(changed(reply, () => "As an AI language model, I don't have personal opinions.")),
  (_, text) => text.slice(0, Math.floor(text.length / 2)),
  (_, text) => text.replaceAll('"', "'"),
  (reply) => Object.values(reply).join('\n'),
  (_, text) => `${text}\n${text.replace(/:\s*"[^"]*"/, ':"Something else"')}`,
];

/** The reply's JSON in one of the wrong forms. */
export function malformed(text: string, draw: number): string {
  const way = ways[(mix(draw, 0x6d61) >>> 0) % ways.length] as (typeof ways)[number];
  return way(objectOf(text), text);
}

function changed(reply: Reply, change: (value: unknown) => unknown): Reply {
  return Object.fromEntries(Object.entries(reply).map(([key, value]) => [key, change(value)]));
}

function objectOf(text: string): Reply {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Reply) : { answer: parsed };
  } catch {
    return { answer: text };
  }
}
