import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/domain/reply.js';
import { ACCEPTED, aContext, addReaders, type TestContext } from '../support/app-context.js';
import { aCategory, aPost } from '../support/builders.js';

const newsletterOf = (deps: TestContext) => [...deps.newsletters.values()][0] as never;
const resume = (deps: TestContext) => deps.sending.resume(newsletterOf(deps), 1, {});
const ANN = 'reader1@example.org';
const LOST: Outcome = { kind: 'unknown', reply: { text: 'connection lost after the final dot' } };

/** A frozen issue for two readers; the first of them, Ann, changes something. */
async function aFrozenIssue(onUnknownOutcome: 'resend' | 'hold' = 'resend') {
  const publishedAt = new Date('2026-06-10T09:00:00Z');
  const posts = ['chemistry', 'software'].map((category) => aPost({ categories: [category], publishedAt }));
  const deps = await aContext({ posts, newsletter: { onUnknownOutcome } });
  await addReaders(deps, [{}, {}]);
  await deps.issues.freezeNext({ newsletter: newsletterOf(deps), confirm: async () => true });
  const ann = (await deps.store.audience.find(ANN))?.subscriber.id ?? 0;
  return { deps, ann };
}

async function rowOf(deps: TestContext, subscriber: number) {
  for await (const row of await deps.sending.deliveries(newsletterOf(deps), 1)) {
    if (row.subscriber === subscriber) return row;
  }
  return undefined;
}

const tomorrow = new Date('2026-06-16T07:00:00Z');
const writtenTo = (deps: TestContext) => deps.wire.messages.map(({ envelope }) => envelope.to).sort();

type Change = (deps: TestContext, ann: number) => Promise<unknown>;

/** Each with the change that undoes it. */
const LEAVING: readonly (readonly [string, Change, Change])[] = [
  [
    'unsubscribed',
    ({ store }, ann) => store.audience.unsubscribe('weekly', ann),
    // An import signs up no reader who has unsubscribed, so there is nothing that undoes it.
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
    ({ store }, ann) => store.audience.setPreferences('weekly', ann, ['reading']),
    ({ store }, ann) => store.audience.setPreferences('weekly', ann, undefined),
  ],
];

describe('a reader who after the freeze', () => {
  it.each(LEAVING)(
    'is %s gets no mail, and is skipped for this issue even if that is undone',
    async (reason, leave, undo) => {
      const { deps, ann } = await aFrozenIssue();
      await leave(deps, ann);
      expect(await resume(deps)).toMatchObject({
        issue: { state: 'done' },
        counts: { all: 2, accepted: 1, skipped: 1, skippedBy: { [reason]: 1 } },
      });
      await undo(deps, ann);
      await resume(deps);
      expect(await rowOf(deps, ann)).toMatchObject({ state: 'skipped', reason });
      expect(writtenTo(deps)).toEqual(['reader2@example.org']);
      expect(await deps.sending.verify(newsletterOf(deps), 1)).toMatchObject({ ok: true });
    },
  );

  it.each(LEAVING)('is %s gets no second copy when the outcome of the first is unknown', async (reason, leave) => {
    const { deps, ann } = await aFrozenIssue();
    deps.wire.answer = async ({ envelope }) => {
      if (envelope.to !== ANN) return ACCEPTED;
      await leave(deps, ann);
      return LOST;
    };
    expect(await resume(deps)).toMatchObject({ counts: { accepted: 1, unknown: 1, skipped: 0 } });
    await resume(deps);
    expect(writtenTo(deps)).toEqual([ANN, 'reader2@example.org']);
    expect(await rowOf(deps, ann)).toMatchObject({ state: 'unknown', reason, unknownOutcomes: 1 });
  });

  it('has a new address gets the mail there', async () => {
    const { deps, ann } = await aFrozenIssue();
    await deps.store.audience.changeAddress(ann, { address: 'Ann@example.net', addressKey: 'ann@example.net' });
    expect(await resume(deps)).toMatchObject({ counts: { accepted: 2 } });
    expect(writtenTo(deps)).toEqual(['Ann@example.net', 'reader2@example.org']);
    const [first] = deps.wire.messages.filter(({ envelope }) => envelope.to === 'Ann@example.net');
    expect(Buffer.concat(first?.content ?? []).toString()).toMatch(/^To: .*Ann@example\.net/m);
  });

  it('wants only one section of their edition gets the edition as it was frozen', async () => {
    const { deps, ann } = await aFrozenIssue();
    const { edition } = (await rowOf(deps, ann)) ?? {};
    await deps.store.audience.setPreferences('weekly', ann, ['software']);
    expect(await resume(deps)).toMatchObject({ counts: { accepted: 2 } });
    expect(await rowOf(deps, ann)).toMatchObject({ state: 'accepted', edition });
  });

  it('is unsuppressed, and was suppressed at the freeze, gets no mail of this issue', async () => {
    const deps = await aContext({ posts: [aPost({ publishedAt: new Date('2026-06-10T09:00:00Z') })] });
    await addReaders(deps, [{}, {}]);
    await deps.store.audience.suppress(ANN, 'manual', deps.clock.now());
    await deps.issues.freezeNext({ newsletter: newsletterOf(deps), confirm: async () => true });
    await deps.store.audience.unsuppress(ANN);
    expect(await resume(deps)).toMatchObject({ counts: { accepted: 1, skippedBy: { suppressed: 1 } } });
  });

  it('changes address while the mail bounces keeps the new one; the old one is suppressed', async () => {
    const { deps, ann } = await aFrozenIssue();
    deps.wire.answer = async ({ envelope }) => {
      if (envelope.to !== ANN) return ACCEPTED;
      await deps.store.audience.changeAddress(ann, { address: 'ann@example.net', addressKey: 'ann@example.net' });
      return { kind: 'rejected', scope: 'recipient', bounce: 'hard', reply: { code: 550, text: '550 5.1.1 unknown' } };
    };
    expect(await resume(deps)).toMatchObject({ counts: { accepted: 1, rejected: 1 } });
    expect((await deps.store.audience.find('ann@example.net'))?.suppressed).toBeUndefined();
    expect(await deps.store.audience.unsuppress(ANN)).toBe(true);
  });
});

it('a reader who chose a category by its former name gets it under the present one', async () => {
  const publishedAt = new Date('2026-06-10T09:00:00Z');
  const categories = [{ ...aCategory('machine-learning'), also: ['AI', 'deep learning'] }];
  const deps = await aContext({ posts: [aPost({ categories: ['ai'], publishedAt })], newsletter: { categories } });
  await addReaders(deps, [{ preferences: ['deep-learning'] }, { preferences: ['chemistry'] }]);
  await deps.issues.freezeNext({ newsletter: newsletterOf(deps), confirm: async () => true });
  await resume(deps);
  expect(writtenTo(deps)).toEqual([ANN]);
});
