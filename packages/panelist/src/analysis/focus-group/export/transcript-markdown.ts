import type { Reply, Transcript, TranscriptRound } from '../../../focus-group/transcript.ts';
import { type FocusGroupTexts, focusGroupTextsFor } from '../../../languages/messages.ts';
import { markdownLine, markdownText } from '../../../text/markdown.ts';
import { shortened } from '../../../text/shortened.ts';
import { hostOf, modelFacts } from './transcript-labels.ts';

const MAX_PERSONA = 300;

/** Writes a transcript as Markdown (CommonMark with tables). Replies cannot become markup or links. */
export function transcriptMarkdown(transcript: Transcript): string {
  const { title, participants, rounds, language } = transcript;
  const texts = focusGroupTextsFor(language);
  const rows = participants.map(({ name, persona }) => {
    const facts = Object.entries(persona).map(([key, value]) => `${key}: ${value}`);
    return `| ${markdownText(name)} | ${markdownText(shortened(facts.join('; '), MAX_PERSONA))} |`;
  });
  return [
    `# ${markdownLine(title)}`,
    `> ${texts.synthetic}`,
    modelFacts(transcript, texts)
      .map(([label, value]) => `${label}${texts.separator}${markdownText(value)}`)
      .join(' · '),
    `## ${texts.participants}`,
    [`| ${texts.name} | ${texts.persona} |`, '|---|---|', ...rows].join('\n'),
    ...rounds.flatMap((round) => roundParts(round, texts)),
    '',
  ].join('\n\n');
}

function roundParts(round: TranscriptRound, texts: FocusGroupTexts): string[] {
  return [
    `## ${texts.round(round.round)}`,
    `**${markdownText(hostOf(round, texts))}:** ${markdownLine(round.message)}`,
    ...(round.stimulus === null ? [] : [`> ${texts.shown}: ${markdownLine(round.stimulus)}`]),
    ...(round.mode === 'in-turn' && round.replies.length > 1 ? [`*${texts.order}:*`] : []),
    ...round.replies.map((reply) => `**${markdownText(reply.name)}:** ${said(reply, texts)}`),
  ];
}

function said(reply: Reply, texts: FocusGroupTexts): string {
  if (reply.status === 'replied') return reply.text.split('\n').map(markdownLine).join('\n\n');
  if (reply.status === 'pending') return `*(${texts.pending})*`;
  return `*(${texts.noReply}: ${markdownLine(reply.error.code)} – ${markdownLine(reply.error.message)})*`;
}
