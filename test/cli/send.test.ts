import { describe, expect, it } from 'vitest';
import type { Post } from '../../src/domain/post.js';
import { collectPosts } from '../../src/flows/collect-posts.js';
import { aPost } from '../support/builders.js';
import { addReaders, aHouse, type TestHouse } from '../support/house.js';
import { plainRenderer } from '../support/plain-renderer.js';
import { typed } from '../support/typed.js';

/** A house of which most posts have gone from their source. */
async function aShrunkHouse(): Promise<TestHouse> {
  const publishedAt = new Date('2026-06-12T08:00:00Z');
  const posts = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'].map((title) => aPost({ title, publishedAt }));
  const house = await aHouse({ posts, renderer: plainRenderer });
  await addReaders(house, [{}]);
  for (const newsletter of house.newsletters.values()) await collectPosts(house, house.store, newsletter);
  house.source.posts = posts.slice(0, 1) as Post[];
  return house;
}

/** Runs `gazette send` on a house; `stop`: Ctrl-C was pressed once. */
const send = (house: TestHouse, argv: readonly string[], stop?: AbortSignal) =>
  typed(house, ['send', ...argv], stop && { signal: stop });

describe.each([
  ['a dry run', ['--dry-run']],
  ['a test', ['--test', 'me@example.org']],
])('gazette send as %s', (_, argv) => {
  it('goes on with what a source lists, whatever is in question, and leaves the store as it was', async () => {
    const house = await aShrunkHouse();
    expect(await send(house, argv)).toMatchObject({ code: 0 });
    expect(await send(house, [...argv, '--accept-withdrawals'])).toMatchObject({ code: 0, err: '' });
    expect(await house.store.posts.suspicions()).toEqual(new Map());
    expect((await house.store.posts.known(['blog'])).posts.some(({ withdrawnAt }) => withdrawnAt)).toBe(false);
  });

  it('stops reading sources when it is told to end', async () => {
    const house = await aShrunkHouse();
    const stop = new AbortController();
    let asked: AbortSignal | undefined;
    const { collect } = house.source;
    house.source.collect = (signal) => {
      asked = signal;
      return collect(signal);
    };
    await send(house, [...argv, '--accept-withdrawals'], stop.signal);
    stop.abort();
    expect(asked?.aborted).toBe(true);
  });
});

it('A test goes to no word that is not an address', async () => {
  const house = await aShrunkHouse();
  expect(await send(house, ['--test', 'nobody'])).toMatchObject({ code: 1, err: expect.stringContaining('“nobody”') });
  expect(house.wire.messages).toEqual([]);
});

describe('A source that lacks most of what could be sent', () => {
  const look = async (house: TestHouse) => {
    for (const newsletter of house.newsletters.values()) await collectPosts(house, house.store, newsletter);
  };
  const gone = async (house: TestHouse) =>
    (await house.store.posts.known(['blog'])).posts.filter(({ withdrawnAt }) => withdrawnAt).length;

  it('is told by plan, check and status, with the command that answers', async () => {
    const house = await aShrunkHouse();
    const command = 'gazette source accept-withdrawals blog';
    expect((await typed(house, ['plan'])).out).toContain(command);
    expect((await typed(house, ['check'])).out).toContain(command);
    expect((await typed(house, ['status'])).out).not.toContain(command);
    await look(house);
    expect((await typed(house, ['status'])).out).toContain(command);
    expect(JSON.parse((await typed(house, ['status', '--json'])).out).sources).toMatchObject([
      { name: 'blog', suspicion: { missing: 5, of: 6, command } },
    ]);
    expect(JSON.parse((await typed(house, ['check', '--json'])).out).findings).toContainEqual(
      expect.objectContaining({ code: 'source.suspicious', where: 'content/sources.yaml, blog' }),
    );
  });

  it('is answered by the command', async () => {
    const house = await aShrunkHouse();
    await look(house);
    expect(await typed(house, ['source', 'accept-withdrawals', 'blog'])).toMatchObject({
      code: 0,
      out: '5 posts of “blog” count as withdrawn.\n',
    });
    expect(await gone(house)).toBe(5);
    expect((await typed(house, ['status'])).out).not.toContain('accept-withdrawals');
    expect(await typed(house, ['source', 'accept-withdrawals', 'blog'])).toMatchObject({ code: 3 });
    expect((await typed(house, ['source', 'accept-withdrawals', 'nowhere'])).code).toBe(1);
  });

  it('is answered by a real send that is told so', async () => {
    const house = await aShrunkHouse();
    expect(await typed(house, ['send', '--yes', '--accept-withdrawals'])).toMatchObject({ code: 0 });
    expect(await gone(house)).toBe(5);
  });
});
