import { useEffect, useState } from 'react';
import { api, read } from '../../api/client.ts';
import type { SurveyCheck } from '../../api/types.ts';
import { afterTimeout } from '../../live/at-most-every.ts';
import { audienceInput, type Draft, readSettings } from './draft.ts';

/** Milliseconds after the last change. */
const TYPING_MS = 400;

export interface DraftChecking {
  /** Of the draft as it was when it was last checked. */
  readonly check: SurveyCheck | null;
  /** Whether the draft has changed since. */
  readonly isChecking: boolean;
  /** Why it could not be checked. */
  readonly error: unknown;
}

/** Checks a draft as it is typed. Nothing is started by it. */
export function useCheck(draft: Draft, model: string | null): DraftChecking {
  const [state, setState] = useState<DraftChecking>({ check: null, isChecking: false, error: null });
  const { surveyName, surveyText, audience } = draft;
  const { settings } = readSettings(draft);
  // Settings are a few numbers: compared as text, a draft that says the same is not checked again.
  const settingsText = JSON.stringify(settings);

  // biome-ignore lint/correctness/useExhaustiveDependencies: settings by their text
  useEffect(() => {
    if (surveyText.trim() === '') {
      setState({ check: null, isChecking: false, error: null });
      return;
    }
    setState((before) => ({ ...before, isChecking: true }));
    const aborter = new AbortController();
    const cancel = afterTimeout(TYPING_MS, async () => {
      const request = {
        survey: { name: surveyName, text: surveyText },
        audience: audienceInput(audience),
        model,
        ...settings,
      };
      try {
        const { signal } = aborter;
        const check = await read(api.surveys.check.$post({ json: request }, { init: { signal } }));
        setState({ check, isChecking: false, error: null });
      } catch (error) {
        if (!aborter.signal.aborted) setState({ check: null, isChecking: false, error });
      }
    });
    return () => {
      cancel();
      aborter.abort();
    };
  }, [surveyName, surveyText, audience, model, settingsText]);
  return state;
}
