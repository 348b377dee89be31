import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import { openSqliteStore } from '../../src/store/index.js';
import { aContext, addReaders, type TestContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';

const newsletterOf = (deps: TestContext) => [...deps.newsletters.values()][0] as never;
const yes = async () => true;
const send = (deps: TestContext, signal?: AbortSignal) =>
  deps.sending.sendNext({ newsletter: newsletterOf(deps), confirm: yes, ...(signal && { signal }) });
const post = aPost({ publishedAt: new Date('2026-06-10T09:00:00Z') });

/** A context whose first issue is partly sent, and another one over a copy of its store. */
async function anOriginalAndItsCopy() {
  const deps = await aContext({ posts: [post] });
  await addReaders(
    deps,
    Array.from({ length: 9 }, () => ({})),
  );
  const stop = new AbortController();
  deps.wire.answer = () => {
    stop.abort();
    return { kind: 'accepted', reply: { code: 250, text: '250 ok' } };
  };
  await send(deps, stop.signal);
  const folder = await mkdtemp(join(tmpdir(), 'gazette-copy-'));
  const file = join(folder, 'copy.db');
  await deps.operate.backup(file);
  const store = await openSqliteStore({ path: file });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  const copy = await aContext({ posts: [post], store, now: deps.clock.now() });
  return { deps, copy, folder };
}

describe('a copy of the store', () => {
  it('sends and freezes nothing, but can be read', async () => {
    const { copy } = await anOriginalAndItsCopy();
    const refused = { code: 'store.copy', hint: expect.stringContaining('gazette adopt') };
    copy.clock.advance(60_000);
    copy.source.posts.push(aPost({ publishedAt: copy.clock.now() }));
    await expect(send(copy)).rejects.toMatchObject(refused);
    await expect(copy.sending.resume(newsletterOf(copy), 1, {})).rejects.toMatchObject(refused);
    await expect(copy.sending.resend(newsletterOf(copy), 1, 'unknown', {})).rejects.toMatchObject(refused);
    expect(copy.wire.messages).toEqual([]);
    expect(await copy.issues.plan({ newsletter: newsletterOf(copy) })).toMatchObject({ outcome: 'issue', number: 2 });
    expect(await copy.sending.list()).toMatchObject([{ issue: { number: 1, state: 'sending' } }]);
    expect(await copy.sending.verify(newsletterOf(copy), 1)).toMatchObject({ counts: { all: 9 } });
  });

  it('sends once it is adopted; unfinished issues stay paused until a person resumes them', async () => {
    const { copy } = await anOriginalAndItsCopy();
    expect(await copy.operate.adopt({ confirm: async () => false })).toMatchObject({ kind: 'declined' });
    await expect(copy.sending.resume(newsletterOf(copy), 1, {})).rejects.toMatchObject({ code: 'store.copy' });
    expect(await copy.operate.adopt({ confirm: yes })).toMatchObject({
      kind: 'adopted',
      open: [{ issue: { number: 1 } }],
    });
    expect(await copy.sending.list()).toMatchObject([{ issue: { state: 'paused' } }]);
    const before = (await copy.sending.list())[0]?.counts.accepted ?? 0;
    expect(await copy.sending.resume(newsletterOf(copy), 1, {})).toMatchObject({ counts: { accepted: 9 } });
    expect(copy.wire.messages).toHaveLength(9 - before);
    expect(await copy.operate.adopt({ confirm: yes })).toEqual({ kind: 'original' });
  });

  it('does not affect its original', async () => {
    const { deps } = await anOriginalAndItsCopy();
    expect(await deps.sending.resume(newsletterOf(deps), 1, {})).toMatchObject({ counts: { accepted: 9 } });
  });

  it('is removed where it could not be written completely', async () => {
    const { deps, folder } = await anOriginalAndItsCopy();
    const store = { ...deps.store, backup: async (file: string) => void (await failHalfway(file)) };
    const { operate } = openUseCases({ ...deps, store });
    await expect(operate.backup(join(folder, 'half.db'))).rejects.toThrow('no room');
    expect((await readdir(folder)).filter((name) => name.startsWith('half'))).toEqual([]);
    async function failHalfway(file: string) {
      await deps.files.write(file, 'half');
      throw new Error('no room');
    }
  });
});
