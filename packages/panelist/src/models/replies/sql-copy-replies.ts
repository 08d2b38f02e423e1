import { createHash, type Hash } from 'node:crypto';
import { quote, ToolkitError } from '@panelist/toolkit';
import type { SqlDatabase } from '@panelist/toolkit/sqlite';
import { type Kysely, sql, type Transaction } from 'kysely';
import { PART_HASH_CHARS } from './request-parts.ts';
import type { ReplyTables } from './sql-reply-store.ts';

/** Replies in memory at once; each with its prompt may be many kilobytes. */
const REPLIES_PER_PAGE = 100;
/** Parts of prompts that are read at once. */
const PARTS_PER_STATEMENT = 500;
/** Parts that are known to be in the target, so that they are not looked for again. */
const MAX_KNOWN_PARTS = 20_000;

type ReplyRow = ReplyTables['replies'];
type PartRow = ReplyTables['request_parts'];
type Db = Kysely<ReplyTables>;

/** Which replies are meant. */
export type RepliesOf =
  /** Those that a task has paid for. */
  | { readonly taskId: string }
  /** The current ones under these hashes, if another task has paid for them and the target has none. */
  | { readonly hashesOfOthers: readonly string[]; readonly than: string }
  /** Those of no task that the database has. */
  | 'others';

export interface CopiedReplies {
  /** How many of them the target has now. */
  readonly replies: number;
  /** Of the replies with their requests, in the order of their hashes: the same on both sides. */
  readonly sha256: string;
}

export interface CopyRepliesOptions {
  /** Called with how many have been copied. */
  readonly onProgress?: ((replies: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Copies stored replies with their requests, a page in a transaction; what the target has already stays, so a copy may be
 * repeated. Each page is read back and compared before its commit. A reply that the target has paid for itself stays the one
 * that is found; the source's is then stored beside it and counts as spent.
 *
 * @throws ToolkitError `STORE_…`, or the signal's reason
 */
export async function copyReplies(
  from: SqlDatabase,
  to: SqlDatabase,
  which: RepliesOf,
  { onProgress, signal }: CopyRepliesOptions = {},
): Promise<CopiedReplies> {
  const source = from.kysely<ReplyTables>();
  const digest = createHash('sha256');
  const known = new Set<string>();
  let replies = 0;
  let after = '';
  for (;;) {
    signal?.throwIfAborted();
    const read = await nextReplies(source, which, after);
    if (read.length === 0) break;
    after = read.at(-1)!.request_hash;
    const wanted = typeof which === 'object' && 'hashesOfOthers' in which ? await unknownTo(to, read) : read;
    const rows = to.dialect === 'postgres' ? wanted.map(withoutNul) : wanted;
    const parts = await missingParts(source, rows, known);
    const text = await to.write<ReplyTables, string>(async (transaction) => {
      await insertParts(transaction, parts);
      await insertMissing(transaction, rows);
      return readBack(transaction, rows, parts);
    });
    digest.update(text);
    for (const { hash } of parts) known.add(hash);
    if (known.size > MAX_KNOWN_PARTS) known.clear();
    replies += rows.length;
    onProgress?.(replies);
  }
  if (typeof which === 'object' && 'taskId' in which)
    await copyEarlierSpending(source, to, which.taskId, digest);
  return { replies, sha256: digest.digest('hex') };
}

/**
 * A page of replies; all of one hash are in one page. The current reply of a hash comes after those that were withdrawn, so
 * that their order stays where the target numbers them again.
 */
async function nextReplies(source: Db, which: RepliesOf, after: string): Promise<readonly ReplyRow[]> {
  let hashes = source
    .selectFrom('replies')
    .select('request_hash')
    .distinct()
    .where('request_hash', '>', after)
    .orderBy('request_hash')
    .limit(REPLIES_PER_PAGE);
  let rows = source.selectFrom('replies').selectAll();
  if (which === 'others') {
    const isOrphan = sql<boolean>`(task_id is null or not exists (select 1 from tasks where tasks.task_id = replies.task_id))`;
    hashes = hashes.where(isOrphan);
    rows = rows.where(isOrphan);
  } else if ('taskId' in which) {
    hashes = hashes.where('task_id', '=', which.taskId);
    rows = rows.where('task_id', '=', which.taskId);
  } else {
    const isOfOther = sql<boolean>`withdrawn = 0 and (task_id is null or task_id <> ${which.than})`;
    hashes = hashes.where('request_hash', 'in', which.hashesOfOthers).where(isOfOther);
    rows = rows.where(isOfOther);
  }
  const page = (await hashes.execute()).map(({ request_hash }) => request_hash);
  if (page.length === 0) return [];
  return rows
    .where('request_hash', 'in', page)
    .orderBy('request_hash')
    .orderBy(sql`case when withdrawn = 0 then 1 else 0 end`)
    .orderBy('withdrawn')
    .execute();
}

/** Replies whose hash the target has no reply for. */
async function unknownTo(to: SqlDatabase, rows: readonly ReplyRow[]): Promise<readonly ReplyRow[]> {
  const there = await to
    .kysely<ReplyTables>()
    .selectFrom('replies')
    .select('request_hash')
    .where(
      'request_hash',
      'in',
      rows.map(({ request_hash }) => request_hash),
    )
    .where('withdrawn', '=', 0)
    .execute();
  const known = new Set(there.map(({ request_hash }) => request_hash));
  return rows.filter(({ request_hash }) => !known.has(request_hash));
}

/** PostgreSQL's text has no NUL, and its driver writes U+FFFD in its place. */
function withoutNul(row: ReplyRow): ReplyRow {
  return { ...row, text: row.text.replaceAll('\0', '\u{fffd}') };
}

/** The parts of these requests that are not known to be in the target, in the order of their hashes. */
async function missingParts(
  source: Db,
  rows: readonly ReplyRow[],
  known: ReadonlySet<string>,
): Promise<readonly PartRow[]> {
  const hashes = new Set(rows.flatMap(({ request }) => (request === null ? [] : partsIn(request))));
  const missing = [...hashes].filter((hash) => !known.has(hash));
  const parts: PartRow[] = [];
  for (let from = 0; from < missing.length; from += PARTS_PER_STATEMENT)
    parts.push(
      ...(await source
        .selectFrom('request_parts')
        .selectAll()
        .where('hash', 'in', missing.slice(from, from + PARTS_PER_STATEMENT))
        .execute()),
    );
  return parts.sort((a, b) => (a.hash < b.hash ? -1 : 1));
}

/** The hashes that a stored request may name, whichever part of it is valid. */
function partsIn(request: string): readonly string[] {
  const hashes: string[] = [];
  for (const [, list = ''] of request.matchAll(/"parts":"([^"]*)"/g))
    for (let at = 0; at < list.length; at += PART_HASH_CHARS)
      hashes.push(list.slice(at, at + PART_HASH_CHARS));
  return hashes;
}

async function insertParts(transaction: Transaction<ReplyTables>, parts: readonly PartRow[]): Promise<void> {
  for (let from = 0; from < parts.length; from += PARTS_PER_STATEMENT)
    await transaction
      .insertInto('request_parts')
      .values(parts.slice(from, from + PARTS_PER_STATEMENT))
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute();
}

/**
 * Of each task, the target gets the replies under a hash that it has fewer of. Those come last in their order: what a copy
 * has brought before are the first.
 */
async function insertMissing(
  transaction: Transaction<ReplyTables>,
  rows: readonly ReplyRow[],
): Promise<void> {
  const there = await transaction
    .selectFrom('replies')
    .select(['request_hash', 'withdrawn', 'task_id'])
    .where('request_hash', 'in', [...new Set(rows.map(({ request_hash }) => request_hash))])
    .execute();
  const counts = new Map<string, number>();
  /** By hash: the task of each number. */
  const taken = new Map<string, Map<number, string | null>>();
  for (const { request_hash, withdrawn, task_id } of there) {
    const owner = ownerOf(request_hash, task_id);
    counts.set(owner, (counts.get(owner) ?? 0) + 1);
    taken.set(request_hash, (taken.get(request_hash) ?? new Map()).set(withdrawn, task_id));
  }
  const missing: ReplyRow[] = [];
  for (const row of rows) {
    const owner = ownerOf(row.request_hash, row.task_id);
    const before = counts.get(owner) ?? 0;
    if (before > 0) {
      counts.set(owner, before - 1);
      continue;
    }
    const numbers = taken.get(row.request_hash) ?? new Map<number, string | null>();
    taken.set(row.request_hash, numbers);
    const free = Math.max(0, ...numbers.keys()) + 1;
    let { withdrawn } = row;
    if (numbers.has(withdrawn)) {
      const isOwn = withdrawn === 0 && numbers.get(0) === row.task_id;
      // The task has withdrawn since what a copy has brought before.
      if (isOwn) await renumber(transaction, row.request_hash, free);
      if (isOwn) numbers.set(free, row.task_id);
      else withdrawn = free;
    }
    numbers.set(withdrawn, row.task_id);
    missing.push({ ...row, withdrawn });
  }
  if (missing.length > 0) await transaction.insertInto('replies').values(missing).execute();
}

async function renumber(
  transaction: Transaction<ReplyTables>,
  requestHash: string,
  withdrawn: number,
): Promise<void> {
  await transaction
    .updateTable('replies')
    .set({ withdrawn })
    .where('request_hash', '=', requestHash)
    .where('withdrawn', '=', 0)
    .execute();
}

/** @throws ToolkitError `STORE_FAILED` where the target has not what was read in the source */
async function readBack(
  transaction: Transaction<ReplyTables>,
  rows: readonly ReplyRow[],
  parts: readonly PartRow[],
): Promise<string> {
  const hashes = [...new Set(rows.map(({ request_hash }) => request_hash))];
  const tasks = new Set(rows.map(({ request_hash, task_id }) => ownerOf(request_hash, task_id)));
  const written = await transaction
    .selectFrom('replies')
    .selectAll()
    .where('request_hash', 'in', hashes)
    .execute();
  const expected = rows.map(lineOf);
  const found = written.filter((row) => tasks.has(ownerOf(row.request_hash, row.task_id))).map(lineOf);
  const partsThere = new Set<string>();
  for (let from = 0; from < parts.length; from += PARTS_PER_STATEMENT) {
    const names = parts.slice(from, from + PARTS_PER_STATEMENT).map(({ hash }) => hash);
    const read = await transaction
      .selectFrom('request_parts')
      .selectAll()
      .where('hash', 'in', names)
      .execute();
    for (const part of read) partsThere.add(JSON.stringify([part.hash, part.text]));
  }
  const lacking = parts.find(({ hash, text }) => !partsThere.has(JSON.stringify([hash, text])));
  if (lacking === undefined && hasAll(found, expected)) return `${expected.sort().join('\n')}\n`;
  throw new ToolkitError(
    'STORE_FAILED',
    `The copied replies under the hashes from ${quote(hashes[0])} to ${quote(hashes.at(-1))} are not what was read. Nothing of these was written; if it happens again, something else has changed one of the databases.`,
  );
}

/** Without its number: the target may give it another. */
function lineOf({ withdrawn: _, ...row }: ReplyRow): string {
  return JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether each text is there as often as it is to be, or more often: a task of the target may have gone on. */
function hasAll(found: readonly string[], expected: readonly string[]): boolean {
  const left = new Map<string, number>();
  for (const text of found) left.set(text, (left.get(text) ?? 0) + 1);
  return expected.every((text) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count > 0;
  });
}

function ownerOf(requestHash: string, taskId: string | null): string {
  return `${requestHash} ${taskId ?? ''}`;
}

/** What version 0.1 spent on the task, which has no replies of its own. */
async function copyEarlierSpending(source: Db, to: SqlDatabase, taskId: string, digest: Hash): Promise<void> {
  const rows = await source
    .selectFrom('earlier_spending')
    .selectAll()
    .where('task_id', '=', taskId)
    .execute();
  if (rows.length === 0) return;
  digest.update(JSON.stringify(rows));
  await to.write<ReplyTables, void>(async (transaction) => {
    await transaction
      .insertInto('earlier_spending')
      .values(rows)
      .onConflict((conflict) => conflict.column('task_id').doNothing())
      .execute();
  });
}
