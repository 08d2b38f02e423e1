import type { Transcript } from '../../focus-group/transcript.ts';
import type { GroupPolls } from '../../focus-group/turns/read-polls.ts';
import type { Theme } from '../../focus-group/turns/theme.ts';
import { type Convergence, convergence } from './convergence.ts';
import { type Distinctiveness, distinctiveness } from './distinctiveness.ts';
import { keywordThemes } from './keyword-themes.ts';
import { opinionShifts, type QuestionShift } from './opinion-shift.ts';
import { type Participation, participation } from './participation.ts';
import { type ReplyLengths, replyLengths } from './reply-lengths.ts';

/** The method that found the themes: keyword counts or a model. */
export type ThemeMethod = { readonly by: 'keywords' } | { readonly by: 'model'; readonly model: string };

/** The analysis of a focus group as data. The participants are role play by models, not people. */
export interface GroupAnalysis {
  readonly synthetic: true;
  readonly participation: Participation;
  readonly lengths: ReplyLengths;
  readonly convergence: Convergence;
  readonly distinctiveness: Distinctiveness;
  /** Changes between the private polls; `null` without both polls. */
  readonly shifts: readonly QuestionShift[] | null;
  readonly themes: readonly Theme[];
  readonly themeMethod: ThemeMethod;
}

/**
 * @param polls the answers to the polls before and after, if both exist
 * @param found themes found by a model. @default themes by keywords
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
