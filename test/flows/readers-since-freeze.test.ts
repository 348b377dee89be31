import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/domain/reply.js';
import { manualOccasion } from '../../src/flows/draft-issue.js';
import { freezeIssue } from '../../src/flows/freeze-issue.js';
import { listDeliveries, resumeIssue, verifyIssue } from '../../src/flows/issues.js';
import { aPost } from '../support/builders.js';
import { ACCEPTED, addReaders, aHouse, type TestHouse } from '../support/house.js';

const newsletterOf = (house: TestHouse) => [...house.newsletters.values()][0] as never;
const resume = (house: TestHouse) => resumeIssue(house, newsletterOf(house), 1, {});
const ANN = 'reader1@example.org';
const LOST: Outcome = { kind: 'unknown', reply: { text: 'connection lost after the final dot' } };

/** A house whose first issue is frozen for two readers; the change happens to the first of them. */
async function aFrozenIssue(inDoubt: 'resend' | 'hold' = 'resend') {
  const publishedAt = new Date('2026-06-10T09:00:00Z');
  const posts = ['chemistry', 'software'].map((category) => aPost({ categories: [category], publishedAt }));
  const house = await aHouse({ posts, newsletter: { inDoubt } });
  await addReaders(house, [{}, {}]);
  const occasion = manualOccasion(house.clock.now());
  await freezeIssue(house, { newsletter: newsletterOf(house), occasion, confirm: async () => true });
  const ann = (await house.store.audience.find(ANN))?.subscriber.id ?? 0;
  return { house, ann };
}

async function rowOf(house: TestHouse, subscriber: number) {
  for await (const row of await listDeliveries(house, newsletterOf(house), 1)) {
    if (row.subscriber === subscriber) return row;
  }
  return undefined;
}

const tomorrow = new Date('2026-06-16T07:00:00Z');
const writtenTo = (house: TestHouse) => house.wire.messages.map(({ envelope }) => envelope.to).sort();

type Change = (house: TestHouse, ann: number) => Promise<unknown>;

/** Each with what undoes it. */
const LEAVING: readonly (readonly [string, Change, Change])[] = [
  [
    'unsubscribed',
    ({ store }, ann) => store.audience.unsubscribe('weekly', ann),
    // Nobody is signed up again by a file, so the row is asked for as it is.
    async () => undefined,
  ],
  [
    'suppressed',
    ({ store, clock }) => store.audience.suppress(ANN, 'complaint', clock.now()),
    ({ store }) => store.audience.unsuppress(ANN),
  ],
  [
    'paused',
    ({ store }, ann) => store.audience.pause('weekly', ann, tomorrow),
    ({ store }, ann) => store.audience.pause('weekly', ann, undefined),
  ],
  ['erased', ({ store, clock }, ann) => store.audience.erase(ann, 'hash', clock.now()), async () => undefined],
  [
    'nothing-wished',
    ({ store }, ann) => store.audience.setWishes('weekly', ann, ['reading']),
    ({ store }, ann) => store.audience.setWishes('weekly', ann, undefined),
  ],
];

describe('a reader who since the freeze', () => {
  it.each(LEAVING)(
    'has left (%s) gets nothing, and is skipped for this issue even if that is undone',
    async (reason, leave, undo) => {
      const { house, ann } = await aFrozenIssue();
      await leave(house, ann);
      expect(await resume(house)).toMatchObject({
        issue: { state: 'done' },
        counts: { all: 2, accepted: 1, skipped: 1, skippedBy: { [reason]: 1 } },
      });
      await undo(house, ann);
      await resume(house);
      expect(await rowOf(house, ann)).toMatchObject({ state: 'skipped', reason });
      expect(writtenTo(house)).toEqual(['reader2@example.org']);
      expect(await verifyIssue(house, newsletterOf(house), 1)).toMatchObject({ ok: true });
    },
  );

  it.each(LEAVING)('has left (%s) is not written to again when their first copy is in doubt', async (reason, leave) => {
    const { house, ann } = await aFrozenIssue();
    house.wire.answer = async ({ envelope }) => {
      if (envelope.to !== ANN) return ACCEPTED;
      await leave(house, ann);
      return LOST;
    };
    expect(await resume(house)).toMatchObject({ counts: { accepted: 1, unknown: 1, skipped: 0 } });
    await resume(house);
    expect(writtenTo(house)).toEqual([ANN, 'reader2@example.org']);
    expect(await rowOf(house, ann)).toMatchObject({ state: 'unknown', reason, doubts: 1 });
  });

  it('has moved is written to at the new address', async () => {
    const { house, ann } = await aFrozenIssue();
    await house.store.audience.changeAddress(ann, { address: 'Ann@example.net', addressKey: 'ann@example.net' });
    expect(await resume(house)).toMatchObject({ counts: { accepted: 2 } });
    expect(writtenTo(house)).toEqual(['Ann@example.net', 'reader2@example.org']);
    const [first] = house.wire.messages.filter(({ envelope }) => envelope.to === 'Ann@example.net');
    expect(Buffer.concat(first?.content ?? []).toString()).toMatch(/^To: .*Ann@example\.net/m);
  });

  it('wishes for one section of their edition alone gets the edition as it was frozen', async () => {
    const { house, ann } = await aFrozenIssue();
    const { edition } = (await rowOf(house, ann)) ?? {};
    await house.store.audience.setWishes('weekly', ann, ['software']);
    expect(await resume(house)).toMatchObject({ counts: { accepted: 2 } });
    expect(await rowOf(house, ann)).toMatchObject({ state: 'accepted', edition });
  });

  it('was unsuppressed, when they were suppressed at the freeze, stays out of this issue', async () => {
    const house = await aHouse({ posts: [aPost({ publishedAt: new Date('2026-06-10T09:00:00Z') })] });
    await addReaders(house, [{}, {}]);
    await house.store.audience.suppress(ANN, 'manual', house.clock.now());
    const occasion = manualOccasion(house.clock.now());
    await freezeIssue(house, { newsletter: newsletterOf(house), occasion, confirm: async () => true });
    await house.store.audience.unsuppress(ANN);
    expect(await resume(house)).toMatchObject({ counts: { accepted: 1, skippedBy: { suppressed: 1 } } });
  });

  it('moved while their mail bounced keeps the new address; the old one is suppressed', async () => {
    const { house, ann } = await aFrozenIssue();
    house.wire.answer = async ({ envelope }) => {
      if (envelope.to !== ANN) return ACCEPTED;
      await house.store.audience.changeAddress(ann, { address: 'ann@example.net', addressKey: 'ann@example.net' });
      return { kind: 'rejected', scope: 'recipient', bounce: 'hard', reply: { code: 550, text: '550 5.1.1 unknown' } };
    };
    expect(await resume(house)).toMatchObject({ counts: { accepted: 1, rejected: 1 } });
    expect((await house.store.audience.find('ann@example.net'))?.suppressed).toBeUndefined();
    expect(await house.store.audience.unsuppress(ANN)).toBe(true);
  });
});
