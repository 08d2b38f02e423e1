import type { Reply, Transcript, TranscriptRound } from '../../../focus-group/transcript.ts';
import { shortened } from '../../../text/shortened.ts';
import { terminalSafe } from '../../../text/terminal-safe.ts';
import { hostOf, modelFacts, type TranscriptTexts, transcriptTexts } from './transcript-texts.ts';

const MAX_PERSONA = 300;

/** A transcript to read, as Markdown (CommonMark with tables). What was said stays text: it makes no markup and no link. */
export function transcriptMarkdown(transcript: Transcript): string {
  const { title, participants, rounds, language } = transcript;
  const texts = transcriptTexts(language);
  const rows = participants.map(({ name, persona }) => {
    const facts = Object.entries(persona).map(([key, value]) => `${key}: ${value}`);
    return `| ${inline(name)} | ${inline(shortened(facts.join('; '), MAX_PERSONA))} |`;
  });
  return [
    `# ${inert(title)}`,
    `> ${texts.synthetic}`,
    modelFacts(transcript, texts)
      .map(([label, value]) => `${label}${texts.separator}${inline(value)}`)
      .join(' · '),
    `## ${texts.participants}`,
    [`| ${texts.name} | ${texts.persona} |`, '|---|---|', ...rows].join('\n'),
    ...rounds.flatMap((round) => roundParts(round, texts)),
    '',
  ].join('\n\n');
}

function roundParts(round: TranscriptRound, texts: TranscriptTexts): string[] {
  return [
    `## ${texts.round(round.round)}`,
    `**${inline(hostOf(round, texts))}:** ${inert(round.message)}`,
    ...(round.stimulus === null ? [] : [`> ${texts.shown}: ${inert(round.stimulus)}`]),
    ...(round.mode === 'in-turn' && round.replies.length > 1 ? [`*${texts.order}:*`] : []),
    ...round.replies.map((reply) => `**${inline(reply.name)}:** ${said(reply, texts)}`),
  ];
}

function said(reply: Reply, texts: TranscriptTexts): string {
  if (reply.status === 'replied') return reply.text.split('\n').map(inert).join('\n\n');
  if (reply.status === 'pending') return `*(${texts.pending})*`;
  return `*(${texts.noReply}: ${inert(reply.error.code)} – ${inert(reply.error.message)})*`;
}

/** Backslashes before what Markdown could read as more than text, and only there. */
function inert(text: string): string {
  return inline(text)
    .replace(/^[-+=#]/, '\\$&')
    .replace(/^(\d{1,9})([.)])/, '$1\\$2');
}

/** The same where it does not begin a line. */
function inline(text: string): string {
  return terminalSafe(text)
    .replace(/[\\`*_[\]<>|~&]/g, '\\$&')
    .replace(/(https?|ftp|mailto|www)([:.])/gi, '$1\\$2');
}
