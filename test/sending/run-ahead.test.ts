/** A connection's next delivery is begun while its present message is on the wire (rules: once, as-they-are-now). */
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ACCEPTED, aContext, addReaders, type TestContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';
import { plainRenderer } from '../support/plain-renderer.js';

const READERS = 40;
const CONNECTIONS = 3;
/** A message by which nothing is careful any more. */
const IN_THE_MIDDLE = 12;

async function aFrozenIssue(): Promise<TestContext> {
  const deps = await aContext({
    posts: [aPost({ publishedAt: new Date('2026-06-10T00:00:00Z') })],
    renderer: plainRenderer,
  });
  await addReaders(
    deps,
    Array.from({ length: READERS }, () => ({})),
  );
  await deps.issues.freezeNext({ newsletter: [...deps.newsletters.values()][0] as never, confirm: async () => true });
  return deps;
}

const counts = (deps: TestContext) => deps.store.ledger.counts(1);
const send = async (deps: TestContext, signal?: AbortSignal) =>
  deps.sending.sendPlanned((await deps.store.ledger.issue('weekly', 1)) as never, { ...(signal && { signal }) });
const taken = (deps: TestContext) => deps.wire.messages.map(({ envelope }) => envelope.to);

/** Waits until so many deliveries are attempted at once, and answers how many there were at the most. */
async function mostAttempted(deps: TestContext, wanted: number): Promise<number> {
  let most = 0;
  for (let turns = 0; turns < 200 && most < wanted; turns += 1) {
    most = Math.max(most, (await counts(deps)).attempted);
    await setImmediate();
  }
  return most;
}

it('begins one delivery behind the message of each connection, and no more', async () => {
  const deps = await aFrozenIssue();
  const seen: number[] = [];
  deps.wire.answer = async (_message, nth) => {
    if (nth >= IN_THE_MIDDLE && nth < READERS / 2) seen.push(await mostAttempted(deps, 2 * CONNECTIONS));
    return ACCEPTED;
  };
  await send(deps);
  expect(Math.max(...seen)).toBe(2 * CONNECTIONS);
  expect(new Set(taken(deps)).size).toBe(READERS);
  expect(await counts(deps)).toMatchObject({ accepted: READERS, all: READERS });
});

it('gives back at a stop what was begun and not sent: nothing is unknown, and the next run sends it once', async () => {
  const deps = await aFrozenIssue();
  const stop = new AbortController();
  deps.wire.answer = async (_message, nth) => {
    if (nth === IN_THE_MIDDLE) {
      await mostAttempted(deps, 2 * CONNECTIONS);
      stop.abort();
    }
    return ACCEPTED;
  };
  await send(deps, stop.signal);
  const sent = taken(deps).length;
  expect(await counts(deps)).toMatchObject({ accepted: sent, planned: READERS - sent, attempted: 0, unknown: 0 });
  await send(deps);
  expect(taken(deps)).toHaveLength(READERS);
  expect(await counts(deps)).toMatchObject({ accepted: READERS });
  for await (const { attempts } of deps.store.ledger.deliveries(1)) expect(attempts).toBe(1);
});

it('reads a reader again when the message before took long', async () => {
  const deps = await aFrozenIssue();
  const left = new Set<string>();
  deps.wire.answer = async (message, nth) => {
    if (nth !== IN_THE_MIDDLE) return ACCEPTED;
    await mostAttempted(deps, 2 * CONNECTIONS);
    for await (const row of deps.store.ledger.deliveries(1, ['attempted'])) {
      if (taken(deps).includes(row.address) || row.address === message.envelope.to) continue;
      left.add(row.address);
      await deps.store.audience.unsubscribe('weekly', row.subscriber);
    }
    deps.clock.advance(60_000);
    return ACCEPTED;
  };
  await send(deps);
  expect(left.size).toBeGreaterThan(0);
  expect(taken(deps).filter((address) => left.has(address))).toEqual([]);
  expect(await counts(deps)).toMatchObject({ skippedBy: { unsubscribed: left.size }, unknown: 0 });
});

it('gives back what was begun when the server asks for a rest', async () => {
  const deps = await aFrozenIssue();
  deps.wire.answer = async (_message, nth) => {
    if (nth !== IN_THE_MIDDLE) return ACCEPTED;
    await mostAttempted(deps, 2 * CONNECTIONS);
    return { kind: 'deferred', scope: 'connection', reply: { code: 421, text: 'Not now' } };
  };
  await send(deps);
  expect(new Set(taken(deps)).size).toBe(READERS);
  expect(await counts(deps)).toMatchObject({ accepted: READERS, unknown: 0 });
});
