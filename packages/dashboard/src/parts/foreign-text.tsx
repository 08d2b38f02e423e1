import styles from './foreign-text.module.css';

/** Control characters but line breaks and tabs, and marks that change the direction of text. */
const invisible = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

/** A text of a model or a file as it is, with its lines; characters that could disguise it are made visible. */
export function ForeignText({ text, isCode = false }: { text: string; isCode?: boolean }) {
  return (
    <div className={styles.text} data-code={isCode || undefined} dir="auto">
      {text.replace(invisible, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}
    </div>
  );
}
