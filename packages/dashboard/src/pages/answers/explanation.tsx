import type { ReactNode } from 'react';
import type { AnswerExplanation } from '../../data/answers-source.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Figure, Figures } from '../../parts/figures.tsx';
import { ForeignText } from '../../parts/foreign-text.tsx';
import { Notice } from '../../parts/notice.tsx';
import styles from './why-panel.module.css';

type Call = AnswerExplanation['calls'][number];

/** The answer, whose it is, and each call that asked it. */
export function Explanation({ answer }: { answer: AnswerExplanation }) {
  const messages = useMessages('answers');
  // A bundle says why by a word, since it is read in any language; a server by a text.
  const missing: Readonly<Record<string, string>> = useMessages('bundle').missingPrompts;
  const { question, status, text, problem, failureCode, raw, repairs, calls, promptProblem } = answer;
  return (
    <div className={styles.content}>
      <p className={styles.question} dir="auto">
        {question.title}
      </p>
      <Part title={messages.answer}>
        {text !== '' && (
          <div className={styles.answer}>
            <ForeignText text={text} />
          </div>
        )}
        <p className={styles.status} data-status={status}>
          {messages.statuses[status]}
        </p>
        {problem !== null && (
          <Notice kind="bad">
            {failureCode !== null && <code>{failureCode}</code>}
            <ForeignText text={problem} />
          </Notice>
        )}
      </Part>
      {raw !== null && (
        <Part title={messages.raw}>
          <ForeignText text={raw} isCode />
          <p className={styles.small}>
            {messages.repairs}: {repairs.length === 0 ? messages.noRepairs : repairs.join(', ')}
          </p>
        </Part>
      )}
      <ShownOptions answer={answer} />
      <Persona persona={answer.persona} />
      {calls.length === 0 && status !== 'pending' && <p className={styles.small}>{messages.notAsked}</p>}
      {promptProblem !== null && <Notice kind="warn">{missing[promptProblem] ?? promptProblem}</Notice>}
      {calls.map((call, index) => (
        <Part key={call.promptHash} title={index === 0 ? messages.asked : messages.askedAgain}>
          <CallFacts call={call} />
          {call.prompt !== null && <Prompt prompt={call.prompt} />}
        </Part>
      ))}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function ShownOptions({ answer: { shownOptions, value } }: { answer: AnswerExplanation }) {
  const messages = useMessages('answers');
  if (shownOptions === null) return null;
  const chosen = new Set(value === null ? [] : [value].flat());
  return (
    <Part title={messages.shown}>
      <ol className={styles.options}>
        {shownOptions.map((option) => (
          <li key={String(option.value)} data-chosen={chosen.has(option.value) || undefined}>
            <bdi>{option.text}</bdi>
            {chosen.has(option.value) && <span className={styles.small}> ({messages.chosen})</span>}
          </li>
        ))}
      </ol>
    </Part>
  );
}

function Persona({ persona }: Pick<AnswerExplanation, 'persona'>) {
  const messages = useMessages('answers');
  const entries = Object.entries(persona);
  return (
    <Part title={messages.persona}>
      {entries.length === 0 && <p className={styles.small}>{messages.noPersona}</p>}
      <dl className={styles.persona}>
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt dir="auto">{name}</dt>
            <dd>
              <ForeignText text={value} />
            </dd>
          </div>
        ))}
      </dl>
    </Part>
  );
}

function CallFacts({ call }: { call: Call }) {
  const messages = useMessages('answers');
  const format = useFormat();
  const { returnedModel, attempts, inputTokens, outputTokens, isEstimated, elapsedMs, prompt } = call;
  return (
    <>
      <Figures>
        <Figure name={messages.model}>
          <bdi>{returnedModel}</bdi>
        </Figure>
        <Figure name={messages.attempts}>{format.whole(attempts)}</Figure>
        <Figure name={messages.tokens}>
          {messages.tokensOf(format.whole(inputTokens), format.whole(outputTokens))}
          {isEstimated === true && ` (${messages.estimated})`}
        </Figure>
        <Figure name={messages.time}>{format.duration(elapsedMs)}</Figure>
        {prompt !== null && (
          <>
            <Figure name={messages.temperature}>
              {prompt.temperature === null ? messages.providers : format.decimal(prompt.temperature, 2)}
            </Figure>
            <Figure name={messages.seed}>{prompt.seed ?? messages.none}</Figure>
          </>
        )}
      </Figures>
      <p className={styles.small}>
        {messages.hash} <code className={styles.hash}>{call.promptHash}</code>
      </p>
    </>
  );
}

function Prompt({ prompt }: { prompt: NonNullable<Call['prompt']> }) {
  const messages = useMessages('answers');
  const roles: Readonly<Record<string, string>> = messages.roles;
  return (
    <>
      <p className={styles.verified}>{prompt.isStored ? messages.storedPrompt : messages.madeAgain}</p>
      {prompt.messages.map(({ role, content }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages have no names, and never move
        <details key={index} open={role === 'user' && index === prompt.messages.length - 1}>
          <summary>
            {messages.prompt} · {roles[role] ?? role}
          </summary>
          <ForeignText text={content} isCode />
        </details>
      ))}
      {prompt.replySchema !== null && (
        <details>
          <summary>{messages.schema}</summary>
          <ForeignText text={prompt.replySchema} isCode />
        </details>
      )}
      <details>
        <summary>{messages.reply}</summary>
        <ForeignText text={prompt.reply} isCode />
      </details>
    </>
  );
}
