import type { RunLimits, SurveySubmission } from '../../api/types.ts';
import { type LimitTexts, readLimits } from '../../limits/limit-fields.ts';

/** An audience: its text, or a file that is too long to show and was sent ahead. */
export type AudienceDraft =
  | { readonly kind: 'text'; readonly name: string; readonly text: string }
  | { readonly kind: 'upload'; readonly name: string; readonly uploadId: string; readonly bytes: number };

/** A survey that is being prepared, as it is typed. */
export interface Draft {
  readonly surveyName: string;
  readonly surveyText: string;
  readonly audience: AudienceDraft;
  /** Empty for the server's first. */
  readonly model: string;
  readonly replicates: string;
  readonly seed: string;
  readonly temperature: string;
  /** How many respondents are asked, from the first. */
  readonly firstOnly: string;
  /** Whether what cannot be asked is left out, instead of refused. */
  readonly skipsUnsupported: boolean;
  readonly limits: LimitTexts;
}

export const emptyDraft: Draft = {
  surveyName: 'survey.json',
  surveyText: '',
  audience: { kind: 'text', name: 'audience.csv', text: '' },
  model: '',
  replicates: '1',
  seed: '',
  temperature: '',
  firstOnly: '',
  skipsUnsupported: false,
  limits: {},
};

/** The settings' values, and the names of those that aren't numbers. */
export function readSettings({ replicates, seed, temperature, firstOnly, skipsUnsupported, limits }: Draft): {
  readonly settings: Pick<SurveySubmission, 'replicates' | 'seed' | 'temperature' | 'limit' | 'unsupported'>;
  readonly limits: RunLimits;
  readonly wrong: ReadonlySet<NumberField>;
  readonly isValid: boolean;
} {
  const wrong = new Set<NumberField>();
  const read = (field: NumberField, text: string): number | undefined => {
    const { min, max, isWhole } = numberFields[field];
    if (text.trim() === '') return undefined;
    const value = Number(text);
    if (value >= min && value <= max && (!isWhole || Number.isSafeInteger(value))) return value;
    wrong.add(field);
    return undefined;
  };
  const settings = {
    replicates: read('replicates', replicates),
    seed: read('seed', seed),
    temperature: read('temperature', temperature),
    limit: read('firstOnly', firstOnly),
    unsupported: skipsUnsupported ? ('skip' as const) : undefined,
  };
  const checked = readLimits(limits);
  const isValid = wrong.size === 0 && Object.keys(checked.errors).length === 0;
  return { settings, limits: checked.limits, wrong, isValid };
}

/** Settings that are numbers, as the server bounds them. */
export const numberFields = {
  firstOnly: { min: 1, max: 1_000_000, isWhole: true },
  replicates: { min: 1, max: 100, isWhole: true },
  seed: { min: 0, max: 4_294_967_295, isWhole: true },
  temperature: { min: 0, max: 2, isWhole: false },
} as const;

export type NumberField = keyof typeof numberFields;

/** The audience as a request names it; `null` where there is none yet. */
export function audienceInput(audience: AudienceDraft): SurveySubmission['audience'] | null {
  if (audience.kind === 'upload') return { uploadId: audience.uploadId };
  return audience.text.trim() === '' ? null : { name: audience.name, text: audience.text };
}

/** What would be sent; `null` while a part is missing. */
export function submissionOf(draft: Draft, model: string): SurveySubmission | null {
  const audience = audienceInput(draft.audience);
  const { settings, limits, isValid } = readSettings(draft);
  if (audience === null || draft.surveyText.trim() === '' || !isValid) return null;
  return {
    survey: { name: draft.surveyName, text: draft.surveyText },
    audience,
    model,
    ...settings,
    limits,
  };
}

/** The server takes names of at most this length. */
const MAX_NAME_CHARS = 200;

/** A file's name as it is sent: its ending says what it is. */
export function fileName({ name }: { readonly name: string }): string {
  return name.slice(-MAX_NAME_CHARS);
}
