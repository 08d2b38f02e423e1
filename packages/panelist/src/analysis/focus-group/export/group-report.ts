import type { Reply, Transcript, TranscriptRound } from '../../../focus-group/transcript.ts';
import { type FocusGroupTexts, focusGroupTextsFor } from '../../../languages/messages.ts';
import { type WriteFile, writeAtomically } from '../../export/atomic-file.ts';
import { rounded } from '../../figures.ts';
import { type Html, html, nothing, outside } from '../../report/html.ts';
import { pageHead } from '../../report/page-head.ts';
import type { GroupAnalysis } from '../group-analysis.ts';
import {
  lengthsSection,
  likenessSection,
  participationSection,
  shiftsSection,
  themesSection,
} from './analysis-sections.ts';
import { groupStyle } from './report-style.ts';
import { hostOf, modelFacts } from './transcript-labels.ts';

/**
 * Writes the report on a focus group: one HTML page with the discussion and its analysis. It loads and runs nothing, and
 * is readable on narrow screens, in dark mode, in print and by screen readers. Labels are in the group's language if
 * Panelist has it (English, Chinese), otherwise in English. Replies cannot become markup.
 *
 * @throws PanelistError `FILE_NOT_WRITABLE`
 */
export async function writeGroupReport(
  path: string,
  transcript: Transcript,
  analysis: GroupAnalysis,
  write: WriteFile = writeAtomically,
): Promise<void> {
  await write(path, groupReportParts(transcript, analysis));
}

/** The page in parts. */
export async function* groupReportParts(
  transcript: Transcript,
  analysis: GroupAnalysis,
): AsyncGenerator<string> {
  const texts = focusGroupTextsFor(transcript.language);
  const title = outside(transcript.title);
  yield pageHead({ lang: texts.lang, title: texts.title(title), style: groupStyle(texts.printed) }).markup;
  yield html`<body><main>
<h1>${title}</h1>
<div class="notice" role="note"><p><strong>${texts.synthetic}</strong></p></div>
${keyFacts(transcript, analysis, texts)}
${contents(transcript, analysis, texts)}
<h2 id="participants">${texts.participants}</h2>
<ul class="people">${transcript.participants.map((participant, place) => card(participant, place))}</ul>
<h2 id="transcript">${texts.transcript}</h2>
`.markup;
  const places = new Map(transcript.participants.map(({ id }, place) => [id, place]));
  for (const round of transcript.rounds) yield roundSection(round, places, texts).markup;
  yield html`${participationSection(analysis, texts)}
${lengthsSection(analysis, texts)}
${analysis.shifts === null ? nothing : shiftsSection(analysis.shifts, texts)}
${likenessSection(analysis, texts)}
${themesSection(analysis, texts)}
<p class="soft">${texts.intervals}</p>
</main></body></html>
`.markup;
}

function keyFacts(
  transcript: Transcript,
  { lengths, participation }: GroupAnalysis,
  texts: FocusGroupTexts,
): Html {
  const failed = participation.speakers.reduce((sum, speaker) => sum + speaker.failed, 0);
  const median = lengths.median === null ? '–' : texts.words(Math.round(lengths.median));
  const entries = [
    [texts.participants, String(transcript.participants.length)],
    [texts.rounds, String(transcript.rounds.length)],
    [texts.replies, String(lengths.n)],
    [texts.failed, String(failed)],
    [texts.medianWords, `${median} (${texts.people(lengths.humanMedian)})`],
    ...modelFacts(transcript, texts),
  ] as const;
  return html`<dl class="facts">${entries.map(([label, value]) => html`<div><dt>${label}</dt><dd>${outside(value)}</dd></div>`)}</dl>`;
}

function contents({ rounds }: Transcript, { shifts }: GroupAnalysis, texts: FocusGroupTexts): Html {
  const sections = [
    ['participants', texts.participants],
    ['transcript', texts.transcript],
    ['participation', texts.participation],
    ['lengths', texts.lengths],
    ...(shifts === null ? [] : [['shifts', texts.shifts] as const]),
    ['likeness', texts.likeness],
    ['themes', texts.themes],
  ] as const;
  return html`<nav aria-label="${texts.contents}"><p>${sections.map(([id, text]) => html`<a href="#${id}">${text}</a> `)}</p>
<ol>${rounds.map(({ round, message }) => html`<li><a href="#round-${round}">${outside(message)}</a></li>`)}</ol></nav>`;
}

function card({ name, persona }: Transcript['participants'][number], place: number): Html {
  return html`<li><div class="who">${initial(name, place)}<span dir="auto">${outside(name)}</span></div>
<dl>${Object.entries(persona)
    .filter(([, value]) => value !== name)
    .map(
      ([key, value]) =>
        html`<div><dt dir="auto">${outside(key)}</dt><dd dir="auto">${outside(value)}</dd></div>`,
    )}</dl></li>`;
}

function roundSection(
  round: TranscriptRound,
  places: ReadonlyMap<string, number>,
  texts: FocusGroupTexts,
): Html {
  return html`<section aria-labelledby="round-${round.round}">
<h3 id="round-${round.round}">${texts.round(round.round)}</h3>
<div class="turn host"><div class="who" dir="auto">${outside(hostOf(round, texts))}</div><p dir="auto">${outside(round.message)}</p>
${round.stimulus === null ? nothing : html`<blockquote dir="auto"><span class="soft">${texts.shown}</span> ${outside(round.stimulus)}</blockquote>`}</div>
${round.mode === 'in-turn' && round.replies.length > 1 ? html`<p class="soft">${texts.order}</p>` : nothing}
${round.replies.map((reply) => replyTurn(reply, places.get(reply.participantId) ?? 0, texts))}
</section>
`;
}

function replyTurn(reply: Reply, place: number, texts: FocusGroupTexts): Html {
  const who = html`${initial(reply.name, place)}<span dir="auto">${outside(reply.name)}</span>`;
  if (reply.status === 'replied') {
    const paragraphs = reply.text.split('\n').map((text) => html`<p dir="auto">${outside(text)}</p>`);
    return html`<article class="turn"><div class="who">${who} <span class="soft">${texts.words(reply.words)}</span></div>${paragraphs}</article>
`;
  }
  const problem =
    reply.status === 'pending'
      ? texts.pending
      : `${texts.noReply}: ${outside(reply.error.code)} – ${outside(reply.error.message)}`;
  return html`<article class="turn missing"><div class="who">${who}</div><p>${problem}</p></article>
`;
}

/** Decoration only, because the name is beside it. */
function initial(name: string, place: number): Html {
  const [first = ''] = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(outside(name));
  const letter = typeof first === 'string' ? first : first.segment;
  return html`<span class="initial c${rounded(place % 8, 0)}" aria-hidden="true">${letter}</span>`;
}
