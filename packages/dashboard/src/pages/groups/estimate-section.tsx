import type { GroupCheck } from '../../api/types.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Section } from '../../parts/page.tsx';
import styles from './estimate-section.module.css';
import { Avatar, Name, Persona } from './person.tsx';

/** Who would take part, what it would ask, and what it would cost. */
export function EstimateSection({ check: { participants, preview, problem } }: { check: GroupCheck }) {
  const messages = useMessages('groups');
  const format = useFormat();
  const range = ({ min, max }: { min: number; max: number }, text: (value: number) => string): string =>
    text(min) === text(max) ? text(min) : messages.range(text(min), text(max));
  if (participants === null && problem === null) return null;
  return (
    <Section title={messages.estimate}>
      {problem !== null && (
        <p className={styles.problem} role="alert">
          {problem.message}
        </p>
      )}
      {preview !== null && (
        <dl className={styles.figures}>
          <div>
            <dt>{messages.calls}</dt>
            <dd>{range(preview.calls, format.whole)}</dd>
          </div>
          <div>
            <dt>{messages.estimateTokens}</dt>
            <dd>
              {range(
                {
                  min: preview.inputTokens.min + preview.outputTokens.min,
                  max: preview.inputTokens.max + preview.outputTokens.max,
                },
                format.compact,
              )}
            </dd>
          </div>
          <div>
            <dt>{messages.cost}</dt>
            <dd>{preview.costUsd === null ? messages.noPrice : range(preview.costUsd, format.usd)}</dd>
          </div>
        </dl>
      )}
      {participants !== null && (
        <details>
          <summary>
            {messages.participants}: {format.whole(participants.length)}
          </summary>
          <ul className={styles.people}>
            {participants.map(({ id, name, persona }, index) => (
              <li key={id}>
                <p className={styles.person}>
                  <Avatar name={name} index={index} /> <Name>{name}</Name>
                </p>
                <Persona persona={persona} />
              </li>
            ))}
          </ul>
        </details>
      )}
      {preview?.firstPrompts.map((prompt, index, all) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: there are two at most, always in this order
        <details key={index}>
          <summary>
            {index < all.length - 1 ? messages.firstPrompts.poll : messages.firstPrompts.talk}
          </summary>
          {prompt.map(({ role, content }) => (
            <div key={role} className={styles.prompt}>
              <strong>{role}</strong>
              <p>{content}</p>
            </div>
          ))}
        </details>
      ))}
    </Section>
  );
}
