import type { GroupDetail, GroupTurn } from '../../api/types.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Section } from '../../parts/page.tsx';
import { SyntheticLabel } from '../../parts/synthetic-label.tsx';
import styles from './participants-section.module.css';
import { Avatar, Name, Persona } from './person.tsx';

/** Who takes part, each with the persona that the model plays. */
export function ParticipantsSection({ group, turns }: { group: GroupDetail; turns: readonly GroupTurn[] }) {
  const messages = useMessages('groups');
  const format = useFormat();
  const words = wordsOf(turns);
  return (
    <Section title={messages.participants} actions={<SyntheticLabel />}>
      <ul className={styles.people}>
        {group.participants.map(({ id, name, persona }, index) => {
          const said = words.get(id) ?? 0;
          return (
            <li key={id}>
              <details className={styles.person}>
                <summary>
                  <Avatar name={name} index={index} />
                  <span className={styles.text}>
                    <Name>{name}</Name>
                    <span className={styles.said}>
                      {said === 0 ? messages.quiet : messages.saidWords(format.whole(said))}
                    </span>
                  </span>
                </summary>
                {Object.keys(persona).length === 0 ? (
                  <p className={styles.said}>{messages.noPersona}</p>
                ) : (
                  <Persona persona={persona} />
                )}
              </details>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

/** In the turns that are on the page. */
function wordsOf(turns: readonly GroupTurn[]): ReadonlyMap<string, number> {
  const words = new Map<string, number>();
  for (const { content } of turns) {
    if (content.kind !== 'round') continue;
    for (const reply of content.replies)
      words.set(reply.participantId, (words.get(reply.participantId) ?? 0) + (reply.words ?? 0));
  }
  return words;
}
