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
  const posts = ['One', 'Two', 'Three'].map((title) => aPost({ title, publishedAt }));
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
  it('takes posts for withdrawn when it is told so, as a real send does', async () => {
    const house = await aShrunkHouse();
    expect((await send(house, argv)).code).not.toBe(0);
    expect(await send(house, [...argv, '--accept-withdrawals'])).toMatchObject({ code: 0, err: '' });
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
