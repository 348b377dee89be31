import { describe, expect, it } from 'vitest';
import type { FrontDoor } from '../../src/cli/context.js';
import type { Io } from '../../src/cli/io.js';
import { runCli } from '../../src/cli/run-cli.js';
import type { Post } from '../../src/domain/post.js';
import { collectPosts } from '../../src/flows/collect-posts.js';
import { openFlows } from '../../src/flows/index.js';
import { aPost } from '../support/builders.js';
import { addReaders, aHouse, type TestHouse } from '../support/house.js';
import { plainRenderer } from '../support/plain-renderer.js';

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
async function send(house: TestHouse, argv: readonly string[], stop?: AbortSignal) {
  const said = { out: '', err: '' };
  const io: Io = {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    isInteractive: false,
    canRedraw: false,
    hasColour: false,
    columns: 100,
    ask: async () => undefined,
    input: (async function* () {})(),
    open: () => undefined,
    signal: stop ?? new AbortController().signal,
    folder: '/',
    person: 'editor',
    monotonicMs: () => 0,
  };
  const door = {
    openFlows: async () => openFlows(house),
    close: async () => undefined,
  } as unknown as FrontDoor;
  const code = await runCli(['send', ...argv], io, { version: '0', open: async () => door });
  return { code, ...said };
}

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
