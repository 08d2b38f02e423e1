import {
  createContext,
  type ReactNode,
  use,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { createFormat, type Format } from '../format/format.ts';
import { type Language, languagePreference, loadMessages, type Messages } from './messages.ts';

interface Loaded {
  readonly language: Language;
  readonly messages: Messages;
}

const LanguageContext = createContext<(Loaded & { readonly format: Format }) | null>(null);

/** @param initial loaded before the first render, so that nothing flashes */
export function LanguageProvider({ initial, children }: { initial: Loaded; children: ReactNode }) {
  const preferred = useSyncExternalStore(languagePreference.subscribe, languagePreference.get);
  const [loaded, setLoaded] = useState(initial);
  useEffect(() => {
    let isCurrent = true;
    void loadMessages(preferred).then((messages) => {
      if (isCurrent) setLoaded({ language: preferred, messages });
    });
    return () => {
      isCurrent = false;
    };
  }, [preferred]);
  useEffect(() => {
    document.documentElement.lang = loaded.language === 'zh' ? 'zh-CN' : 'en';
  }, [loaded.language]);
  const value = useMemo(() => ({ ...loaded, format: createFormat(loaded.language) }), [loaded]);
  return <LanguageContext value={value}>{children}</LanguageContext>;
}

function useLanguageContext() {
  const value = use(LanguageContext);
  if (value === null) throw new Error('This component must be inside a LanguageProvider.');
  return value;
}

/** The texts of one area of the page in the chosen language. */
export function useMessages<Area extends keyof Messages>(area: Area): Messages[Area] {
  return useLanguageContext().messages[area];
}

/** Numbers, amounts and times as the chosen language writes them. */
export function useFormat(): Format {
  return useLanguageContext().format;
}
