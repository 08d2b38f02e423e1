import { readAudience } from '../../audience/read-audience.ts';
import type { InputFile } from '../../files/input-file.ts';
import { PanelistError } from '../../panelist-error.ts';
import type { SurveyDeployment } from '../../survey/deploy-survey.ts';
import type { AskScope } from '../../survey/interview/interview-plan.ts';
import { checkSurvey, type SurveyCheck } from './check-survey.ts';
import { previewSurvey, type SurveyPreview } from './preview.ts';
import { importOptions, readDeployment } from './read-survey.ts';

/** A survey that is not deployed yet: its files, and how it is to be asked. Plain data. */
export interface SurveyDraft {
  readonly survey: InputFile;
  readonly audience: InputFile;
  /** `provider/model`. */
  readonly model: string;
  readonly baseUrl?: string | undefined;
  /** The language of the survey's texts. @default the survey's own */
  readonly locale?: string | undefined;
  /** What to do with what Panelist cannot ask. @default 'refuse' */
  readonly unsupported?: 'refuse' | 'skip' | undefined;
  /** Only so many of the audience. @default all */
  readonly limit?: number | undefined;
  readonly temperature?: number | undefined;
  readonly seed?: number | undefined;
  readonly ask?: AskScope | undefined;
  readonly randomizeOptions?: boolean | undefined;
  readonly replicates?: number | undefined;
  readonly fresh?: boolean | undefined;
}

export interface AudienceCheck {
  readonly respondents: number;
  /** Persona columns of the first respondents. */
  readonly columns: readonly string[];
  readonly problem: DraftProblem | null;
}

export interface DraftProblem {
  readonly code: string;
  readonly message: string;
}

export interface DraftCheck {
  readonly survey: SurveyCheck;
  /** `null` where no audience is given yet. */
  readonly audience: AudienceCheck | null;
  /** What it would ask and cost; `null` while survey or audience are not right, or no model is chosen. */
  readonly preview: SurveyPreview | null;
  /** Why there is no preview although both are right: the model, its price, a setting. */
  readonly problem: DraftProblem | null;
}

/** Persona columns that a check lists. */
const MAX_COLUMNS = 200;

/**
 * Checks a draft as `survey check` and a dry run do. What is wrong with it is data, with its line where that is known.
 *
 * @param prices a file with prices that come before the built-in ones
 */
export async function checkDraft(
  draft: Omit<SurveyDraft, 'audience' | 'model'> & {
    readonly audience: InputFile | null;
    readonly model: string | null;
  },
  { prices }: { readonly prices?: string | undefined } = {},
): Promise<DraftCheck> {
  const { check: survey } = await checkSurvey(draft.survey, await importOptions(draft));
  const { audience, model } = draft;
  const checked = audience === null ? null : await checkAudience(audience, draft.limit);
  if (!survey.isValid || audience === null || checked?.problem != null || model === null)
    return { survey, audience: checked, preview: null, problem: null };
  try {
    const preview = await previewSurvey(await deploymentOf({ ...draft, audience, model }), { prices });
    return { survey, audience: checked, preview, problem: null };
  } catch (error) {
    return { survey, audience: checked, preview: null, problem: problemOf(error) };
  }
}

/** @throws PanelistError as `readDeployment` */
export async function deploymentOf(draft: SurveyDraft): Promise<SurveyDeployment> {
  const { survey, audience, limit, locale, unsupported, ...settings } = draft;
  const files = await readDeployment({ survey, audience }, { limit, locale, unsupported });
  return { ...settings, ...files };
}

async function checkAudience(file: InputFile, limit: number | undefined): Promise<AudienceCheck> {
  try {
    const respondents = await readAudience(file, { limit });
    const columns = new Set(respondents.slice(0, 1_000).flatMap(({ persona }) => Object.keys(persona)));
    return { respondents: respondents.length, columns: [...columns].slice(0, MAX_COLUMNS), problem: null };
  } catch (error) {
    return { respondents: 0, columns: [], problem: problemOf(error) };
  }
}

/** @throws the error itself where it isn't about the draft */
function problemOf(error: unknown): DraftProblem {
  if (error instanceof PanelistError) return { code: error.code, message: error.message };
  throw error;
}
