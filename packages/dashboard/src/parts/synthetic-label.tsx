import { useMessages } from '../messages/language-provider.tsx';
import styles from './synthetic-label.module.css';

/** Beside everything that a model has answered: it must not pass for people's answers. */
export function SyntheticLabel() {
  const messages = useMessages('parts');
  return (
    <span className={styles.label} title={messages.syntheticHint}>
      {messages.synthetic}
    </span>
  );
}
