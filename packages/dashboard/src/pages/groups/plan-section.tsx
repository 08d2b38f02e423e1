import type { GroupDetail } from '../../api/types.ts';
import { useMessages } from '../../messages/language-provider.tsx';
import { Section } from '../../parts/page.tsx';
import styles from './plan-section.module.css';

/** What the guide plans, and how far it is. */
export function PlanSection({ group: { plan } }: { group: GroupDetail }) {
  const messages = useMessages('groups');
  return (
    <Section title={messages.plan}>
      {plan.length === 0 && <p className={styles.soft}>{messages.planLive}</p>}
      <ol className={styles.steps}>
        {plan.map(({ step, kind, message, isDone }) => (
          <li key={step} data-done={isDone}>
            <span aria-hidden="true">{isDone ? '✓' : '○'}</span>
            <span className={styles.text} dir="auto">
              {kind === 'poll' ? messages.planPoll[step as keyof typeof messages.planPoll] : message}
            </span>
            {isDone && <span className="visually-hidden">({messages.planDone})</span>}
          </li>
        ))}
      </ol>
    </Section>
  );
}
