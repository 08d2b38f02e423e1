import definition from 'virtual:surveyjs-definition';
import { autocompletion } from '@codemirror/autocomplete';
import { json } from '@codemirror/lang-json';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { basicSetup } from 'codemirror';
import { useEffect, useEffectEvent, useRef } from 'react';
import { surveyCompletions } from './survey-completions.ts';
import styles from './survey-editor.module.css';
import { type JsonSchema, SurveySchema } from './survey-schema.ts';

export interface EditorFinding {
  /** From 1; `null` for what is about the whole text. */
  readonly line: number | null;
  readonly text: string;
  readonly severity: 'error' | 'warning';
}

const schema = new SurveySchema(definition as JsonSchema);

/** Colours of theme.css, which reach into the shadow root. */
const look = [
  EditorView.theme({
    '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--surface)' },
    '&.cm-focused': { outline: 'none' },
    '.cm-scroller': { fontFamily: 'var(--mono)', fontSize: '13px', lineHeight: '1.5' },
    '.cm-content': { caretColor: 'var(--text)' },
    '.cm-cursor': { borderLeftColor: 'var(--text)' },
    '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--muted)', border: 'none' },
    '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
    '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': {
      backgroundColor: 'var(--selection)',
    },
    '.cm-panels, .cm-tooltip': {
      backgroundColor: 'var(--surface)',
      color: 'var(--text)',
      border: '1px solid var(--line)',
    },
    '.cm-tooltip-autocomplete ul li[aria-selected]': {
      backgroundColor: 'var(--accent)',
      color: 'var(--on-accent)',
    },
    '.cm-foldPlaceholder': { backgroundColor: 'var(--sunken)', color: 'var(--muted)' },
  }),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: tags.propertyName, color: 'var(--accent)' },
      { tag: tags.string, color: 'var(--good)' },
      { tag: [tags.number, tags.bool, tags.null], color: 'var(--warn)' },
      { tag: tags.invalid, color: 'var(--bad)' },
    ]),
  ),
];

/**
 * A survey's JSON. It is in a shadow root: there the editor's own styles are sheets that scripts make, which a policy
 * against inline styles allows.
 */
export default function SurveyEditor({
  label,
  text,
  findings,
  line,
  onChange,
}: {
  label: string;
  text: string;
  findings: readonly EditorFinding[];
  /** The line to go to, a new object each time; `null` for none. */
  line: { readonly number: number } | null;
  onChange: (text: string) => void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const initial = useRef(text);
  const changed = useEffectEvent(onChange);

  useEffect(() => {
    if (host.current === null) return;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: initial.current,
        extensions: [
          basicSetup,
          json(),
          autocompletion({ override: [surveyCompletions(schema)] }),
          lintGutter(),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed(update.state.doc.toString());
          }),
          look,
        ],
      }),
    });
    view.current = editor;
    return () => {
      initial.current = editor.state.doc.toString();
      editor.destroy();
      view.current = null;
    };
  }, [label]);

  // A text from elsewhere, such as a file.
  useEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (editor !== null) editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(editor.state, findings)));
  }, [findings]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || line === null) return;
    const { from } = editor.state.doc.line(Math.min(Math.max(1, line.number), editor.state.doc.lines));
    editor.dispatch({
      selection: { anchor: from },
      effects: EditorView.scrollIntoView(from, { y: 'center' }),
    });
    editor.focus();
  }, [line]);

  return <div ref={host} className={styles.editor} />;
}

/** Those of a line; what has been typed since may have fewer lines. */
function diagnosticsOf({ doc }: EditorState, findings: readonly EditorFinding[]): Diagnostic[] {
  return findings.flatMap(({ line, text, severity }) => {
    if (line === null || line > doc.lines) return [];
    const { from, to, text: content } = doc.line(line);
    return { from: from + (content.length - content.trimStart().length), to, severity, message: text };
  });
}
