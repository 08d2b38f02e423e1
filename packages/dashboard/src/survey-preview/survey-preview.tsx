import { useMemo } from 'react';
import { Model } from 'survey-core';
import 'survey-core/survey.i18n';
import 'survey-core/survey-core.fontless.min.css';
import { Survey } from 'survey-react-ui';
import { safeSurvey } from './safe-survey.ts';
import styles from './survey-preview.module.css';

/** A survey as a person would see it, by SurveyJS's own renderer. What is entered goes nowhere. */
export default function SurveyPreview({ survey, label }: { survey: unknown; label: string }) {
  const model = useMemo(() => modelOf(survey), [survey]);
  return (
    <section className={styles.preview} aria-label={label}>
      <Survey model={model} />
    </section>
  );
}

function modelOf(survey: unknown): Model {
  const model = new Model(safeSurvey(survey));
  // At its end it begins again.
  model.showCompletePage = false;
  model.onComplete.add(() => model.clear(true, true));
  return model;
}
