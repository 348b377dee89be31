import { describe, expect, it } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
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

it('What is missing or wrong is named before an issue is sent, also where nobody is asked', async () => {
  const deps = await aContext({
    posts: [aPost({ publishedAt: new Date('2026-06-12T08:00:00Z') })],
    newsletter: { subject: 'Re: news' },
    renderer: plainRenderer,
  });
  await addReaders(deps, [{}]);
  deps.source.broken = [
    { source: 'blog', keys: { path: 'bad.md' }, where: 'posts/bad.md:3:1', message: 'The date cannot be read.' },
  ];
  const { code, err } = await send(deps, ['--yes']);
  expect(code).toBe(0);
  expect(err).toContain('posts/bad.md:3:1');
  expect(err).toContain('The date cannot be read.');
  expect(err).toMatch(/error \S+: .*\n`gazette check` says what to do/s);
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

describe('A mail server that cannot be used', () => {
  const refusing = (deps: TestContext): TestContext => {
    const text = 'The server answered “530 Log in first” to MAIL FROM.';
    const transport = () => ({ ...deps.wire, probe: async () => ({ kind: 'failed' as const, text }) });
    return { ...deps, ...openUseCases({ ...deps, transport }) };
  };

  it('is found before an issue is made', async () => {
    const deps = refusing(await aShrunkSource());
    const sent = await send(deps, ['--yes', '--accept-withdrawals']);
    expect(sent.code).toBe(1);
    expect(sent.err).toContain('530 Log in first');
    expect(sent.err).toContain('No issue was made.');
    expect(await deps.store.ledger.issues()).toEqual([]);
  });

  it('does not matter where there is nothing to send', async () => {
    const deps = refusing(await aContext({ posts: [], renderer: plainRenderer }));
    expect(await send(deps, ['--yes'])).toMatchObject({ code: 3 });
  });
});

describe('An issue that is not finished', () => {
  async function anUnfinishedIssue(): Promise<TestContext> {
    const deps = await aShrunkSource();
    const { answer } = deps.wire;
    deps.wire.answer = () => ({ kind: 'deferred', scope: 'connection', reply: { text: 'not yet' } });
    await send(deps, ['--yes', '--accept-withdrawals']);
    deps.wire.answer = answer;
    return deps;
  }

  it('is named by the next send, with the command that continues it', async () => {
    const sent = await send(await anUnfinishedIssue(), ['--yes']);
    expect(sent.err).toContain('Issue 1 still has 1 mail to send (sending).');
    expect(sent.err).toContain('`gazette issue resume 1 --newsletter weekly` continues it.');
    expect(sent).toMatchObject({ code: 3, out: 'Nothing new: no issue was made.\n' });
  });

  it('is continued when the person says so', async () => {
    const deps = await anUnfinishedIssue();
    expect(await typed(deps, ['send'], { answers: ['y'] })).toMatchObject({ code: 0 });
    expect(await deps.store.ledger.issues()).toMatchObject([{ number: 1, state: 'done' }]);
  });
});
