import type { Job } from '@panelist/toolkit';
import { z } from 'zod';
import { oneLine } from '../../text/one-line.ts';
import { shortened } from '../../text/shortened.ts';
import { maxQuotes, maxThemes, writeThemesSystem, writeThemesUser } from '../prompts/themes.ts';
import { type OneCallParams, oneCallJob, readReplyJson } from './one-call-job.ts';
import type { ModelFor } from './round-job.ts';
import type { Spoken } from './speak.ts';
import { unusableReply } from './speak.ts';
import { THEMES } from './stored-turns.ts';
import type { Quote, Theme } from './theme.ts';

/** Characters below which a quotation could be anybody's. */
const minQuote = 6;

/** What was said, as the model reads it. */
export interface SaidInRound {
  readonly round: number;
  readonly host: string;
  readonly replies: readonly Omit<Quote, 'round'>[];
}

export interface ThemesParams extends OneCallParams {
  readonly rounds: readonly SaidInRound[];
}

export interface FoundThemes {
  readonly themes: readonly Theme[];
  /** Quotations that nobody said, as the model gave them: left out, with what only they supported. */
  readonly unsupported: number;
}

/** A model reads the whole transcript for what several spoke of. Its quotations are checked against the transcript. */
export function themesJob(modelFor: ModelFor): Job<string, ThemesParams, Spoken<FoundThemes>> {
  return oneCallJob(THEMES, modelFor, {
    system: writeThemesSystem,
    user: ({ rounds }) => writeThemesUser(rounds),
    schema: () => ({ name: 'themes', schema: replySchema }),
    read: ({ text }, { rounds }) => readThemes(text, rounds),
  });
}

const reply = z.object({
  themes: z.array(
    z.object({
      name: z.string(),
      description: z.string().default(''),
      quotes: z.array(
        z.object({ participant: z.string(), quote: z.string(), round: z.unknown().optional() }),
      ),
    }),
  ),
});

const replySchema: Readonly<Record<string, unknown>> = {
  type: 'object',
  properties: {
    themes: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          description: { type: 'string' },
          quotes: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                participant: { type: 'string' },
                round: { type: 'integer' },
                quote: { type: 'string' },
              },
              required: ['participant', 'round', 'quote'],
              additionalProperties: false,
            },
          },
        },
        required: ['name', 'description', 'quotes'],
        additionalProperties: false,
      },
    },
  },
  required: ['themes'],
  additionalProperties: false,
};

function readThemes(text: string, rounds: readonly SaidInRound[]): FoundThemes {
  let unsupported = 0;
  const themes = readReplyJson(text, reply)
    .themes.slice(0, maxThemes)
    .flatMap(({ name, description, quotes }) => {
      const found = quotes.slice(0, maxQuotes).flatMap(({ participant, quote }) => {
        const said = findQuote(participant, quote, rounds);
        if (said === null) unsupported += 1;
        return said ?? [];
      });
      const title = shortened(oneLine(name), 100);
      if (found.length === 0 || title === '') return [];
      return {
        name: title,
        description: shortened(oneLine(description), 500),
        speakers: new Set(found.map(({ participantId }) => participantId)).size,
        replies: new Set(found.map(({ participantId, round }) => `${round} ${participantId}`)).size,
        quotes: found,
      };
    });
  if (themes.length > 0) return { themes, unsupported };
  throw unusableReply('no theme has a quotation that stands in the transcript; copy them word for word');
}

/** Where a participant said it: spelling of white space, case and quotation marks aside. */
function findQuote(participant: string, quote: string, rounds: readonly SaidInRound[]): Quote | null {
  const wanted = comparable(quote);
  if (wanted.length < minQuote) return null;
  const name = oneLine(participant).toLowerCase();
  for (const { round, replies } of rounds) {
    for (const { participantId, name: own, text } of replies) {
      if (own.toLowerCase() === name && comparable(text).includes(wanted))
        return { participantId, name: own, round, text: shortened(oneLine(quote), 500) };
    }
  }
  return null;
}

function comparable(text: string): string {
  const plain = oneLine(text)
    .toLowerCase()
    .replace(/[‘’]/g, "'")
    .replace(/[“”„«»]/g, '"');
  return withoutQuotes(plain).trim();
}

/** A loop and no pattern: `["']+$` takes quadratic time on quotation marks elsewhere. */
function withoutQuotes(text: string): string {
  const isQuote = (at: number): boolean => text[at] === '"' || text[at] === "'";
  let start = 0;
  let end = text.length;
  while (start < end && isQuote(start)) start += 1;
  while (end > start && isQuote(end - 1)) end -= 1;
  const inner = text.slice(start, end);
  return end < text.length ? inner : inner.replace(/\.{3}$|…$/, '');
}
