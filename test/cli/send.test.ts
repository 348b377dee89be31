import { describe, expect, it } from 'vitest';
import type { Post } from '../../src/domain/post.js';
import { aContext, addReaders, type TestContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';
import { plainRenderer } from '../support/plain-renderer.js';
import { typed } from '../support/typed.js';

/** Most posts are missing from their source. */
async function aShrunkSource(): Promise<TestContext> {
  const publishedAt = new Date('2026-06-12T08:00:00Z');
  const posts = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'].map((title) => aPost({ title, publishedAt }));
  const deps = await aContext({ posts, renderer: plainRenderer });
  await addReaders(deps, [{}]);
  for (const newsletter of deps.newsletters.values()) await deps.issues.collect(newsletter);
  deps.source.posts = posts.slice(0, 1) as Post[];
  return deps;
}

/** Runs `gazette send`; `stop`: Ctrl-C was pressed once. */
const send = (deps: TestContext, argv: readonly string[], stop?: AbortSignal) =>
  typed(deps, ['send', ...argv], stop && { signal: stop });

describe.each([
  ['a dry run', ['--dry-run']],
  ['a test', ['--test', 'me@example.org']],
])('gazette send as %s', (_, argv) => {
  it('uses the posts that are listed, whatever is missing, and leaves the store unchanged', async () => {
    const deps = await aShrunkSource();
    expect(await send(deps, argv)).toMatchObject({ code: 0 });
    expect(await send(deps, [...argv, '--accept-withdrawals'])).toMatchObject({ code: 0, err: '' });
    expect(await deps.store.posts.suspicions()).toEqual(new Map());
    expect((await deps.store.posts.known(['blog'])).posts.some(({ withdrawnAt }) => withdrawnAt)).toBe(false);
  });

  it('stops reading sources when it is told to end', async () => {
    const deps = await aShrunkSource();
    const stop = new AbortController();
    let asked: AbortSignal | undefined;
    const { collect } = deps.source;
    deps.source.collect = (request) => {
      asked = request.signal;
      return collect(request);
    };
    await send(deps, [...argv, '--accept-withdrawals'], stop.signal);
    stop.abort();
    expect(asked?.aborted).toBe(true);
  });
});

it('A test to something that is not an address is refused', async () => {
  const deps = await aShrunkSource();
  expect(await send(deps, ['--test', 'nobody'])).toMatchObject({ code: 1, err: expect.stringContaining('“nobody”') });
  expect(deps.wire.messages).toEqual([]);
});

describe('A source that lacks most of the posts that could be sent', () => {
  const look = async (deps: TestContext) => {
    for (const newsletter of deps.newsletters.values()) await deps.issues.collect(newsletter);
  };
  const gone = async (deps: TestContext) =>
    (await deps.store.posts.known(['blog'])).posts.filter(({ withdrawnAt }) => withdrawnAt).length;

  it('is reported by plan, check and status, with the command to run', async () => {
    const deps = await aShrunkSource();
    const command = 'gazette source accept-withdrawals blog';
    expect((await typed(deps, ['plan'])).out).toContain(command);
    expect((await typed(deps, ['check'])).out).toContain(command);
    expect((await typed(deps, ['status'])).out).not.toContain(command);
    await look(deps);
    expect((await typed(deps, ['status'])).out).toContain(command);
    expect(JSON.parse((await typed(deps, ['status', '--json'])).out).sources).toMatchObject([
      { name: 'blog', suspicion: { missing: 5, of: 6, command } },
    ]);
    expect(JSON.parse((await typed(deps, ['check', '--json'])).out).findings).toContainEqual(
      expect.objectContaining({ code: 'source.suspicious', where: 'content/sources.yaml, blog' }),
    );
  });

  it('is resolved by the command', async () => {
    const deps = await aShrunkSource();
    await look(deps);
    expect(await typed(deps, ['source', 'accept-withdrawals', 'blog'])).toMatchObject({
      code: 0,
      out: '5 posts of “blog” count as withdrawn.\n',
    });
    expect(await gone(deps)).toBe(5);
    expect((await typed(deps, ['status'])).out).not.toContain('accept-withdrawals');
    expect(await typed(deps, ['source', 'accept-withdrawals', 'blog'])).toMatchObject({ code: 3 });
    expect((await typed(deps, ['source', 'accept-withdrawals', 'nowhere'])).code).toBe(1);
  });

  it('is resolved by a real send with --accept-withdrawals', async () => {
    const deps = await aShrunkSource();
    expect(await typed(deps, ['send', '--yes', '--accept-withdrawals'])).toMatchObject({ code: 0 });
    expect(await gone(deps)).toBe(5);
  });
});
