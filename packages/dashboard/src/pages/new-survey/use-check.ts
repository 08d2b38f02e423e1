import { useEffect, useMemo, useState } from 'react';
import { api, read } from '../../api/client.ts';
import type { SurveyCheck } from '../../api/types.ts';
import { afterTimeout } from '../../live/at-most-every.ts';
import { audienceInput, type Draft, readSettings } from './draft.ts';

/** Milliseconds after the last change. */
const TYPING_MS = 400;

export interface DraftChecking {
  /** Of the draft as it was when it was last checked. */
  readonly check: SurveyCheck | null;
  /** Whether the check is not of the draft as it is now. */
  readonly isChecking: boolean;
  /** Why it could not be checked. */
  readonly error: unknown;
}

/** Checks a draft as it is typed. Nothing is started by it. */
export function useCheck(draft: Draft, model: string | null): DraftChecking {
  const { surveyName, surveyText, audience } = draft;
  const { settings } = readSettings(draft);
  // Settings are a few numbers: compared as text, a draft that says the same is not checked again.
  const settingsText = JSON.stringify(settings);
  // biome-ignore lint/correctness/useExhaustiveDependencies: settings by their text
  const request = useMemo(
    () => ({
      survey: { name: surveyName, text: surveyText },
      audience: audienceInput(audience),
      model,
      ...settings,
    }),
    [surveyName, surveyText, audience, model, settingsText],
  );
  const [found, setFound] = useState<{
    readonly request: typeof request | null;
    readonly check: SurveyCheck | null;
    readonly error: unknown;
  }>({ request: null, check: null, error: null });
  const isEmpty = surveyText.trim() === '';

  useEffect(() => {
    if (isEmpty) return;
    const aborter = new AbortController();
    const cancel = afterTimeout(TYPING_MS, async () => {
      try {
        const { signal } = aborter;
        const check = await read(api.surveys.check.$post({ json: request }, { init: { signal } }));
        setFound({ request, check, error: null });
      } catch (error) {
        if (!aborter.signal.aborted) setFound({ request, check: null, error });
      }
    });
    return () => {
      cancel();
      aborter.abort();
    };
  }, [request, isEmpty]);
  if (isEmpty) return { check: null, isChecking: false, error: null };
  return { check: found.check, isChecking: found.request !== request, error: found.error };
}
