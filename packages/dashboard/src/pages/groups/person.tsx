import type { Participant } from '../../api/types.ts';
import styles from './person.module.css';

/** How many colours people are told apart by; names always stand beside them. */
const COLOURS = 8;

/** The first letter of a participant's name, coloured by the position in the group. */
export function Avatar({ name, index }: { name: string; index: number }) {
  return (
    <span className={styles.avatar} data-colour={index % COLOURS} aria-hidden="true">
      {initialOf(name)}
    </span>
  );
}

/** A name of a stranger's file: what it holds of directions ends with it. */
export function Name({ children }: { children: string }) {
  return <bdi className={styles.name}>{children}</bdi>;
}

/** A persona, field by field. */
export function Persona({ persona }: Pick<Participant, 'persona'>) {
  return (
    <dl className={styles.persona}>
      {Object.entries(persona).map(([field, value]) => (
        <div key={field}>
          <dt>
            <bdi>{field}</bdi>
          </dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function initialOf(name: string): string {
  for (const { segment } of letters.segment(name)) if (/[\p{L}\p{N}]/u.test(segment)) return segment;
  return '?';
}
