import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { createBaseThemeStyle, Model, SvgRegistry } from 'survey-core';
import 'survey-core/survey.i18n';
import 'survey-core/survey-core.fontless.min.css';
import { DefaultDark, DefaultLight } from 'survey-core/themes';
import { Survey } from 'survey-react-ui';
import { darkness } from '../theme.ts';
import { safeSurvey } from './safe-survey.ts';
import styles from './survey-preview.module.css';

const ownTheme = {
  cssVariables: {
    '--sjs2-typography-font-family-text': 'var(--font)',
    '--sjs2-color-project-brand-600': 'var(--accent)',
  },
};

adoptStyles();

/** A survey as a person would see it, by SurveyJS's own renderer. What is entered goes nowhere. */
export default function SurveyPreview({ survey, label }: { survey: unknown; label: string }) {
  const isDark = useSyncExternalStore(darkness.subscribe, darkness.isDark);
  const model = useMemo(() => modelOf(survey), [survey]);
  useEffect(() => {
    model.applyTheme(ownTheme, isDark ? DefaultDark : DefaultLight);
  }, [model, isDark]);
  return (
    <section className={styles.preview} aria-label={label}>
      <Survey model={model} />
    </section>
  );
}

function modelOf(survey: unknown): Model {
  const model = new Model(safeSurvey(survey));
  model.generateStylesheet = false;
  // At its end it begins again.
  model.showCompletePage = false;
  model.onComplete.add(() => model.clear(true, true));
  return model;
}

/**
 * SurveyJS would write its theme into inline styles, which the page's policy refuses. The same rules are adopted as a sheet
 * instead; the icons do without the styles that are in their markup.
 */
function adoptStyles(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(createBaseThemeStyle());
  document.adoptedStyleSheets.push(sheet);
  for (const [name, markup] of Object.entries(SvgRegistry.icons))
    if (typeof markup === 'string') SvgRegistry.icons[name] = markup.replaceAll(/ style="[^"]*"/g, '');
}
