import { readFile } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { type Upload, Uploads } from './uploads.ts';

const DAY_MS = 24 * 3_600_000;
const opened: Uploads[] = [];
afterEach(async () => {
  for (const uploads of opened.splice(0)) await uploads.close();
});

function setUp() {
  const clock = { now: 0 };
  const uploads = new Uploads({ now: () => clock.now, maxFileBytes: 100, maxBytes: 450 });
  opened.push(uploads);
  const send = (name: string, bytes: number): Promise<Upload> =>
    uploads.add(name, new Blob(['x'.repeat(bytes)]).stream(), bytes);
  /** A file that comes only when it is told to. */
  const begin = (length?: number) => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const upload = uploads.add('slow.csv', readable, length);
    upload.catch(() => {});
    return { upload, writer };
  };
  return { clock, uploads, send, begin };
}

const notFound = { code: 'UPLOAD_NOT_FOUND' };

it('says where a file is, under its sender’s name, for a day', async () => {
  const { clock, uploads, send } = setUp();
  const { uploadId } = await send('../people.csv', 16);
  clock.now = DAY_MS;
  const { name, path } = await uploads.find(uploadId);
  expect(name).toBe('../people.csv');
  expect(path).toMatch(/up_[\w-]+$/);
  expect(await readFile(path, 'utf8')).toBe('x'.repeat(16));
  clock.now += 1;
  await expect(uploads.find(uploadId)).rejects.toMatchObject(notFound);
  await expect(uploads.find('up_none')).rejects.toMatchObject(notFound);
  await send('next.csv', 1);
  await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('keeps room for what is being sent, from its start', async () => {
  const { uploads, send, begin } = setUp();
  const first = await send('first.csv', 100);
  const second = await send('second.csv', 100);
  const slow = [begin(), begin(100), begin(10)];
  // 200 bytes are here, and 210 on their way: 50 more have room only where the first was.
  await send('third.csv', 50);
  await expect(uploads.find(first.uploadId)).rejects.toMatchObject(notFound);
  expect(await uploads.find(second.uploadId)).toMatchObject({ name: 'second.csv' });
  for (const { writer, upload } of slow) {
    await writer.close();
    expect(await upload).toMatchObject({ bytes: 0 });
  }
  // What they did not need is free again.
  await send('fourth.csv', 100);
  await send('fifth.csv', 100);
  expect(await uploads.find(second.uploadId)).toMatchObject({ name: 'second.csv' });
});

it('refuses a fifth file while four are being sent, and takes it when one has ended', async () => {
  const { send, begin } = setUp();
  const slow = [begin(), begin(), begin(), begin()];
  await expect(send('fifth.csv', 1)).rejects.toMatchObject({ code: 'SERVER_BUSY' });
  const [first, ...rest] = slow;
  await first?.writer.abort(new Error('The sender has gone.'));
  await expect(first?.upload).rejects.toThrow('The sender has gone.');
  expect(await send('fifth.csv', 1)).toMatchObject({ bytes: 1 });
  for (const { writer } of rest) await writer.close();
});

it('refuses a file that is too long, said or not', async () => {
  const { begin, send } = setUp();
  await expect(send('long.csv', 101)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  const { writer, upload } = begin();
  await writer.write(new Uint8Array(101)).catch(() => {});
  await expect(upload).rejects.toMatchObject({ code: 'TOO_LARGE' });
});
