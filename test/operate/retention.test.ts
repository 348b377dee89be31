import { expect, it } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import { ACCEPTED, aContext, addReaders, type TestContext } from '../support/app-context.js';
import { aPost, DAY_MS } from '../support/builders.js';
import { plainRenderer } from '../support/plain-renderer.js';

const KEEP_MS = 90 * DAY_MS;

/** A sent issue of three readers, one of whom does not exist. */
async function aSentIssue(keepMs?: number): Promise<TestContext> {
  const built = await aContext({
    posts: [aPost({ publishedAt: new Date('2026-06-10T00:00:00Z') })],
    renderer: plainRenderer,
  });
  const deps = openUseCases({ ...built, ...(keepMs !== undefined && { keepMs }) });
  await addReaders(deps, [{}, {}, {}]);
  deps.wire.answer = (_, nth) =>
    nth === 1
      ? { kind: 'rejected', scope: 'recipient', bounce: 'hard', reply: { code: 550, text: '550 5.1.1 No such user' } }
      : ACCEPTED;
  await deps.sending.sendNext({ newsletter: deps.newsletters.get('weekly') as never, confirm: async () => true });
  return deps;
}

async function rowsOf(deps: TestContext): Promise<number> {
  let rows = 0;
  for await (const _ of deps.store.ledger.deliveries(1)) rows += 1;
  return rows;
}

async function verified(deps: TestContext) {
  const { ok, counts } = await deps.sending.verify(deps.newsletters.get('weekly') as never, 1);
  return { ok, all: counts.all, accepted: counts.accepted, rejected: counts.rejected };
}

it('Outcomes older than the time to keep them are deleted, and the counts are kept', async () => {
  const deps = await aSentIssue(KEEP_MS);
  const before = await verified(deps);
  deps.clock.advance(KEEP_MS - 1);
  await deps.operate.deleteOld();
  expect(await rowsOf(deps)).toBe(3);
  deps.clock.advance(DAY_MS);
  await deps.operate.deleteOld();
  expect(await rowsOf(deps)).toBe(0);
  expect(before).toEqual({ ok: true, all: 3, accepted: 2, rejected: 1 });
  expect(await verified(deps)).toEqual(before);
});

it('It runs once a day, in one of several processes, also after a clock was ahead', async () => {
  const deps = await aSentIssue(KEEP_MS);
  deps.clock.advance(KEEP_MS - DAY_MS / 2);
  await deps.operate.deleteOld();
  deps.clock.advance(DAY_MS / 2 + 1);
  await deps.operate.deleteOld();
  expect(await rowsOf(deps)).toBe(3);
  const ahead = Date.parse('2099-01-01');
  await deps.store.shared.change('forgot deliveries at', () => ({ after: ahead, result: undefined }));
  await deps.operate.deleteOld();
  expect(await rowsOf(deps)).toBe(0);
});

it('Nothing is deleted without the setting, of an unfinished issue, or in a copy', async () => {
  const kept = await aSentIssue();
  kept.clock.advance(10 * KEEP_MS);
  await kept.operate.deleteOld();
  expect(await rowsOf(kept)).toBe(3);

  const open = await aSentIssue(KEEP_MS);
  await open.store.ledger.setState(1, ['done'], 'paused');
  open.clock.advance(10 * KEEP_MS);
  await open.operate.deleteOld();
  expect(await rowsOf(open)).toBe(3);

  const copy = await aSentIssue(KEEP_MS);
  copy.clock.advance(10 * KEEP_MS);
  const store = { ...copy.store, copiedAt: async () => copy.clock.now() };
  await openUseCases({ ...copy, store }).operate.deleteOld();
  expect(await rowsOf(copy)).toBe(3);
});
