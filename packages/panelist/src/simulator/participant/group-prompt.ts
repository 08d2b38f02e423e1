/** Lines that are read of one message: far above what a group's prompt holds. */
const MAX_LINES = 5_000;
const MAX_LINE = 2_000;
const MAX_NAME = 300;

/** What lines begin with that are not what a participant said; nobody in a group is called so (`focus-group/names.ts`). */
const OWN_LABELS: ReadonlySet<string> = new Set([
  'Host',
  '(The host shows',
  'The participants',
  'The guide asks next',
]);

export interface Said {
  readonly name: string;
  readonly text: string;
}

/** What a participant of a focus group is told, as far as the reply hangs on it. */
export interface GroupPrompt {
  readonly title: string;
  readonly name: string;
  readonly language: 'en' | 'zh';
  /** Words that a reply is asked to have. */
  readonly words: number;
  /** What the host says now. */
  readonly message: string;
  /** What others and oneself said, in order. */
  readonly heard: readonly Said[];
  /** What one said oneself before all that. */
  readonly own: readonly string[];
}

/** Reads the prompt of a focus group's participant; `null` where it is none. Takes time in proportion to its length. */
export function readGroupPrompt(systemText: string, userText: string): GroupPrompt | null {
  if (!systemText.startsWith('You are taking part in a focus group as the person')) return null;
  const system = linesOf(systemText);
  const labelled = (label: string): string =>
    system.find((line) => line.startsWith(label))?.slice(label.length) ?? '';
  const user = linesOf(userText);
  const now = user.lastIndexOf('Now:');
  const message = user
    .slice(now + 1)
    .find((line) => line.startsWith('Host: '))
    ?.slice('Host: '.length);
  const ownAt = user.indexOf('You yourself said before that:');
  return {
    title: labelled('The group: '),
    name: labelled('You are: '),
    language: languageOf(systemText),
    words: Number(/^- People say about (\d{1,4}) words/m.exec(systemText)?.[1] ?? 49),
    message: message ?? '',
    heard: saidIn(user),
    own: ownAt < 0 ? [] : listFrom(user, ownAt + 1),
  };
}

/** The lines `Name: text` of participants; the host's are not among them. */
export function saidIn(lines: readonly string[]): Said[] {
  return lines.flatMap((line) => {
    const end = line.indexOf(': ');
    const name = end > 0 && end <= MAX_NAME ? line.slice(0, end) : '';
    if (name === '' || OWN_LABELS.has(name) || name.startsWith('- ')) return [];
    return [{ name, text: line.slice(end + 2) }];
  });
}

/** By the line that tells the language: `- Speak Chinese (China) (zh-CN).` */
export function languageOf(systemText: string): 'en' | 'zh' {
  return /\b(?:Speak|in) [^\n]{0,60}?\(?zh\b/.test(systemText) ? 'zh' : 'en';
}

export function linesOf(text: string): string[] {
  return text.split('\n', MAX_LINES).map((line) => line.slice(0, MAX_LINE));
}

function listFrom(lines: readonly string[], start: number): string[] {
  const list: string[] = [];
  for (const line of lines.slice(start)) {
    if (!line.startsWith('- ')) break;
    list.push(line.slice(2));
  }
  return list;
}
