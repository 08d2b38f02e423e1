import { oneLine } from '../../text/one-line.ts';
import type { Context } from '../context.ts';

/**
 * How prompts of a group quote what was said. Every text of others is on one line behind its speaker's name,
 * so that nothing that was said can look like a line of ours; `names.ts` lets nobody be called as one of ours begins.
 */

const summaryHeading = 'What was said at first, in short:';
const heardHeading = 'What was said before:';
const host = 'Host';
const stimulusLabel = '(The host shows';
/** What lines begin with, before a colon, that are not a participant's. */
export const participantsLabel = 'The participants';
export const nextLabel = 'The guide asks next';
const ownLabels: ReadonlySet<string> = new Set([host, stimulusLabel, participantsLabel, nextLabel]);

/** Lines that are read of one message: far above what a group's prompt holds. */
const maxLines = 5_000;
const maxLine = 2_000;
const maxName = 300;

/** Something that a participant said. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** A discussion as it is read back from a prompt. */
export interface Discussion {
  /** What was said at first, in short. */
  readonly summary: string | null;
  /** What participants said, in order. */
  readonly statements: readonly Statement[];
}

/** What was said before, as a participant, a moderator or a poll reads it; each ends in an empty line. */
export function writeDiscussion({ summary, heard }: Context): string[] {
  const lines: string[] = [];
  if (summary !== null) lines.push(summaryHeading, oneLine(summary), '');
  if (heard.length > 0) lines.push(heardHeading);
  for (const { host: message, stimulus, replies } of heard) {
    lines.push(hostLine(message), ...stimulusLines(stimulus));
    for (const { name, text } of replies) lines.push(statementLine(name, text));
  }
  return heard.length > 0 ? [...lines, ''] : lines;
}

/** Reads what participants said, wherever it stands among other lines. Takes time in proportion to the lines. */
export function parseDiscussion(lines: readonly string[]): Discussion {
  const at = lines.indexOf(summaryHeading);
  const summary = at < 0 ? null : (lines[at + 1] ?? '');
  const statements = lines.flatMap((line, index) => {
    const statement = at >= 0 && index === at + 1 ? null : parseStatement(line);
    return statement === null ? [] : [statement];
  });
  return { summary, statements };
}

export function hostLine(message: string): string {
  return statementLine(host, message);
}

/** What the host says in the first of these lines that is the host's; `null` where none is. */
export function parseHost(lines: readonly string[]): string | null {
  return lines.find((line) => line.startsWith(`${host}: `))?.slice(host.length + 2) ?? null;
}

export function stimulusLines(stimulus: string | null): string[] {
  return stimulus === null ? [] : [`${stimulusLabel}: ${oneLine(stimulus)})`];
}

export function statementLine(name: string, text: string): string {
  return `${oneLine(name)}: ${oneLine(text)}`;
}

/** `Name: text` of a participant; `null` for any other line. */
export function parseStatement(line: string): Statement | null {
  const end = line.indexOf(': ');
  const name = end > 0 && end <= maxName ? line.slice(0, end) : '';
  if (name === '' || ownLabels.has(name) || name.startsWith('- ')) return null;
  return { name, text: line.slice(end + 2) };
}

/** The lines of a prompt, each cut at 2,000 characters; a longer prompt is cut after 5,000 lines. */
export function linesOf(text: string): string[] {
  return text.split('\n', maxLines).map((line) => line.slice(0, maxLine));
}

/** What follows the label in the first line that begins with it; empty where none does. */
export function labelled(lines: readonly string[], label: string): string {
  return lines.find((line) => line.startsWith(label))?.slice(label.length) ?? '';
}

/** `zh-CN` → `Chinese (China) (zh-CN)`, by the runtime's own names. */
export function languageName(tag: string): string {
  try {
    const name = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }).of(tag);
    return name === undefined ? tag : `${name} (${tag})`;
  } catch {
    return tag;
  }
}

/** `Chinese (China) (zh-CN)` → `zh-CN`. */
export function languageTag(name: string): string {
  return /\(([^()]*)\)$/.exec(name)?.[1] ?? name;
}
