import { useMutation } from '@tanstack/react-query';
import { read } from '../../api/client.ts';
import { useMayChangeOf } from '../../api/session.ts';
import type { GroupDetail, GroupResults, Theme } from '../../api/types.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import { Section } from '../../parts/page.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { one } from './group-queries.ts';
import { Name } from './person.tsx';
import styles from './results-view.module.css';

/** What several spoke of, with what they said word for word. */
export function ThemesSection({ group, results }: { group: GroupDetail; results: GroupResults }) {
  const messages = useMessages('groups');
  const toasts = useToasts();
  const mayChange = useMayChangeOf(group.state.owner);
  const finding = useMutation({
    mutationFn: () =>
      read(one.themes.$post({ param: { focusGroupId: group.focusGroupId }, json: { model: null } })),
    onError: toasts.showError,
  });
  const { themes, themeMethod } = results.analysis;
  const isModel = themeMethod.by === 'model';
  const isWanted = group.state.waiting.some(({ kind }) => kind === 'themes');
  const mayFind = mayChange && group.replies > 0 && (!isModel || results.themesAreOld === true);
  return (
    <Section
      title={messages.themes}
      actions={
        mayFind && (
          <Button isBusy={finding.isPending || isWanted} onClick={() => finding.mutate()}>
            {isModel ? messages.findAgain : messages.findThemes}
          </Button>
        )
      }
    >
      <p className={styles.soft}>
        {isModel ? messages.byModel(themeMethod.model) : messages.byKeywords}
        {results.themesAreOld === true && ` ${messages.themesAreOld}`}
      </p>
      {themes.length === 0 && <p>{messages.noThemes}</p>}
      {themes.map((theme) => (
        <ThemeItem key={theme.name} theme={theme} />
      ))}
    </Section>
  );
}

function ThemeItem({ theme: { name, description, speakers, replies, quotes } }: { theme: Theme }) {
  const messages = useMessages('groups');
  const format = useFormat();
  return (
    <article className={styles.item}>
      <h3 dir="auto">{name}</h3>
      {description !== '' && <p dir="auto">{description}</p>}
      <p className={styles.soft}>
        {messages.themeSpeakers(format.whole(speakers), format.whole(replies), [speakers, replies])}
      </p>
      {quotes.map((quote) => (
        <figure key={`${quote.participantId} ${quote.round} ${quote.text}`} className={styles.quote}>
          <p dir="auto">{quote.text}</p>
          <figcaption className={styles.who}>
            <Name>{quote.name}</Name> · {messages.round(format.whole(quote.round))}
          </figcaption>
        </figure>
      ))}
    </article>
  );
}
