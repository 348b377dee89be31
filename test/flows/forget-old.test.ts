import { expect, it } from 'vitest';
import { forgetOld } from '../../src/flows/forget-old.js';
import { verifyIssue } from '../../src/flows/issues.js';
import { sendIssue } from '../../src/flows/send-issue.js';
import { aPost, DAY_MS } from '../support/builders.js';
import { ACCEPTED, addReaders, aHouse, type TestHouse } from '../support/house.js';
import { plainRenderer } from '../support/plain-renderer.js';

const KEEP_MS = 90 * DAY_MS;

/** A house with one sent issue of three readers, one of whom does not exist. */
async function aSentIssue(keepMs?: number): Promise<TestHouse> {
  const built = await aHouse({
    posts: [aPost({ publishedAt: new Date('2026-06-10T00:00:00Z') })],
    renderer: plainRenderer,
  });
  const house = { ...built, ...(keepMs !== undefined && { keepMs }) };
  await addReaders(house, [{}, {}, {}]);
  house.wire.answer = (_, nth) =>
    nth === 1
      ? { kind: 'rejected', scope: 'recipient', bounce: 'hard', reply: { code: 550, text: '550 5.1.1 No such user' } }
      : ACCEPTED;
  await sendIssue(house, { newsletter: house.newsletters.get('weekly') as never, confirm: async () => true });
  return house;
}

async function rowsOf(house: TestHouse): Promise<number> {
  let rows = 0;
  for await (const _ of house.store.ledger.deliveries(1)) rows += 1;
  return rows;
}

async function verified(house: TestHouse) {
  const { ok, counts } = await verifyIssue(house, house.newsletters.get('weekly') as never, 1);
  return { ok, all: counts.all, accepted: counts.accepted, rejected: counts.rejected };
}

it('What became of each reader goes when it is older than it is to be kept, and the sums stay', async () => {
  const house = await aSentIssue(KEEP_MS);
  const before = await verified(house);
  house.clock.advance(KEEP_MS - 1);
  await forgetOld(house);
  expect(await rowsOf(house)).toBe(3);
  house.clock.advance(DAY_MS);
  await forgetOld(house);
  expect(await rowsOf(house)).toBe(0);
  expect(before).toEqual({ ok: true, all: 3, accepted: 2, rejected: 1 });
  expect(await verified(house)).toEqual(before);
});

it('It is looked for once a day, by one of several processes, also after a clock that was ahead', async () => {
  const house = await aSentIssue(KEEP_MS);
  house.clock.advance(KEEP_MS - DAY_MS / 2);
  await forgetOld(house);
  house.clock.advance(DAY_MS / 2 + 1);
  await forgetOld(house);
  expect(await rowsOf(house)).toBe(3);
  const ahead = Date.parse('2099-01-01');
  await house.store.shared.change('forgot deliveries at', () => ({ after: ahead, result: undefined }));
  await forgetOld(house);
  expect(await rowsOf(house)).toBe(0);
});

it('Nothing is forgotten unless somebody asked for it, nor of an issue that is not over, nor in a copy', async () => {
  const kept = await aSentIssue();
  kept.clock.advance(10 * KEEP_MS);
  await forgetOld(kept);
  expect(await rowsOf(kept)).toBe(3);

  const open = await aSentIssue(KEEP_MS);
  await open.store.ledger.setState(1, ['done'], 'paused');
  open.clock.advance(10 * KEEP_MS);
  await forgetOld(open);
  expect(await rowsOf(open)).toBe(3);

  const copy = await aSentIssue(KEEP_MS);
  copy.clock.advance(10 * KEEP_MS);
  const store = { ...copy.store, copiedAt: async () => copy.clock.now() };
  await forgetOld({ ...copy, store });
  expect(await rowsOf(copy)).toBe(3);
});
