import { type FormEvent, useState } from 'react';
import { useMayChange } from '../../api/session.ts';
import { useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import { FileDrop } from '../../parts/file-drop.tsx';
import styles from './compare-page.module.css';
import type { People } from './comparison-query.ts';

/** A file of people's answers: one row a person, a column a question. */
export function PeopleForm({ isBusy, onCompare }: { isBusy: boolean; onCompare: (people: People) => void }) {
  const messages = useMessages('compare');
  const mayChange = useMayChange();
  const [file, setFile] = useState<File>();
  const [weight, setWeight] = useState('');
  const [id, setId] = useState('');
  if (!mayChange) return <p className={styles.hint}>{messages.readOnly}</p>;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (file === undefined) return;
    onCompare({ file, weightColumn: weight.trim() || undefined, idColumn: id.trim() || undefined });
  };
  return (
    <form className={styles.people} onSubmit={submit}>
      <FileDrop choose={messages.chooseFile} accept=".csv,text/csv" onFile={setFile}>
        <p className={styles.hint}>{file === undefined ? messages.fileHint : <bdi>{file.name}</bdi>}</p>
      </FileDrop>
      <div className={styles.fields}>
        <label className={styles.field}>
          {messages.weightColumn}
          <input value={weight} maxLength={200} onChange={({ target }) => setWeight(target.value)} />
        </label>
        <label className={styles.field}>
          {messages.idColumn}
          <input value={id} maxLength={200} onChange={({ target }) => setId(target.value)} />
        </label>
      </div>
      <Button type="submit" kind="primary" isBusy={isBusy} disabled={file === undefined}>
        {messages.compare}
      </Button>
    </form>
  );
}
