import type { Transcript } from '../../focus-group/transcript.ts';
import type { GroupPolls } from '../../focus-group/turns/read-polls.ts';
import type { Theme } from '../../focus-group/turns/theme.ts';
import { type Convergence, convergence } from './convergence.ts';
import { type Distinctiveness, distinctiveness } from './distinctiveness.ts';
import { keywordThemes } from './keyword-themes.ts';
import { opinionShifts, type QuestionShift } from './opinion-shift.ts';
import { type Participation, participation } from './participation.ts';
import { type ReplyLengths, replyLengths } from './reply-lengths.ts';

/** How themes were found: by counting keywords, or by a model. */
export type ThemeMethod = { readonly by: 'keywords' } | { readonly by: 'model'; readonly model: string };

/** All that is said of a focus group, as data. The participants are models' role play, and no people. */
export interface GroupAnalysis {
  readonly synthetic: true;
  readonly participation: Participation;
  readonly lengths: ReplyLengths;
  readonly convergence: Convergence;
  readonly distinctiveness: Distinctiveness;
  /** Of the private polls; `null` where there were not both. */
  readonly shifts: readonly QuestionShift[] | null;
  readonly themes: readonly Theme[];
  readonly themeMethod: ThemeMethod;
}

/**
 * @param polls the answers to the polls before and after, where there were both
 * @param found themes that a model has found. @default themes by keywords
 */
export function analyseGroup(
  transcript: Transcript,
  polls: GroupPolls | null = null,
  found: { readonly themes: readonly Theme[]; readonly model: string } | null = null,
): GroupAnalysis {
  return {
    synthetic: true,
    participation: participation(transcript),
    lengths: replyLengths(transcript),
    convergence: convergence(transcript),
    distinctiveness: distinctiveness(transcript),
    shifts: polls && opinionShifts(polls),
    themes: found?.themes ?? keywordThemes(transcript),
    themeMethod: found === null ? { by: 'keywords' } : { by: 'model', model: found.model },
  };
}
