import { describe, expect, it } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import type { Outcome } from '../../src/domain/reply.js';
import { ACCEPTED, aContext, addReaders, type TestContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';

const day = (number: number) => new Date(`2026-06-${String(number).padStart(2, '0')}T09:00:00Z`);
const posts = () => [
  aPost({ title: 'On salt', categories: ['chemistry'], publishedAt: day(9) }),
  aPost({ title: 'On speed', categories: ['software'], publishedAt: day(10) }),
];
const yes = async () => true;
const newsletterOf = (deps: TestContext) => [...deps.newsletters.values()][0] as never;
const send = (deps: TestContext) => deps.sending.sendNext({ newsletter: newsletterOf(deps), confirm: yes });
const recipients = (deps: TestContext) => deps.wire.messages.map(({ envelope }) => envelope.to).sort();
const textOf = (deps: TestContext, to: string) =>
  Buffer.concat(deps.wire.messages.find(({ envelope }) => envelope.to === to)?.content ?? []).toString();

describe('sending an issue', () => {
  it('sends every reader their edition once, and finds nothing new afterwards', async () => {
    const deps = await aContext({ posts: posts() });
    await addReaders(deps, [{}, { preferences: ['chemistry'] }, { preferences: ['software'], language: 'de' }]);
    const report = await send(deps);
    expect(report).toMatchObject({
      kind: 'sent',
      issue: { number: 1, state: 'done' },
      counts: { all: 3, accepted: 3 },
    });
    expect(recipients(deps)).toEqual(['reader1@example.org', 'reader2@example.org', 'reader3@example.org']);
    expect(textOf(deps, 'reader2@example.org')).toContain('On salt');
    expect(textOf(deps, 'reader2@example.org')).not.toContain('On speed');
    deps.clock.advance(1_000);
    expect((await send(deps)).kind).toBe('nothing-new');
    expect(deps.wire.messages).toHaveLength(3);
  });
  it('skips, with a reason, readers who want none of the posts or must not get mail', async () => {
    const deps = await aContext({ posts: posts() });
    await addReaders(deps, [{}, { preferences: ['reading'] }, { address: 'gone@example.org' }, { state: 'pending' }]);
    await deps.store.audience.suppress('gone@example.org', 'complaint', day(1));
    expect(await send(deps)).toMatchObject({
      counts: { all: 3, accepted: 1, skipped: 2, skippedBy: { 'nothing-wished': 1, suppressed: 1 } },
    });
  });
  it('changes nothing when the editor declines', async () => {
    const deps = await aContext({ posts: posts() });
    await addReaders(deps, [{}]);
    expect(await deps.sending.sendNext({ newsletter: newsletterOf(deps), confirm: async () => false })).toMatchObject({
      kind: 'declined',
    });
    expect(await deps.sending.list()).toEqual([]);
    expect(deps.wire.messages).toEqual([]);
  });
  it('refuses when something a real send needs is missing, unless the transport is local', async () => {
    const deps = openUseCases({
      ...(await aContext({ posts: posts() })),
      missingForSending: ['set GAZETTE_PUBLIC_URL'],
    });
    const away = openUseCases({ ...deps, transport: () => ({ ...deps.wire, local: false }) });
    await addReaders(deps, [{}]);
    await expect(send(away)).rejects.toMatchObject({ code: 'send.not-ready' });
    expect((await send(deps)).kind).toBe('sent');
  });
});

it('an issue that no reader may get is not made, and its posts wait', async () => {
  const deps = await aContext({ posts: posts() });
  expect(await send(deps)).toMatchObject({ kind: 'no-readers' });
  expect(await deps.store.ledger.issues()).toEqual([]);
  await addReaders(deps, [{}]);
  expect(await send(deps)).toMatchObject({ kind: 'sent', counts: { accepted: 1 } });
});

describe('a server that replies', () => {
  async function sendWith(answer: (to: string, nth: number) => Outcome | undefined) {
    const deps = await aContext({ posts: posts() });
    await addReaders(deps, [{}, {}, {}, {}]);
    deps.wire.answer = ({ envelope }, nth) =>
      answer(envelope.to, nth) ?? { kind: 'accepted', reply: { code: 250, text: '250 ok' } };
    return { deps, report: await send(deps) };
  }
  const reply = { code: 450, text: '450 4.2.1 later' };

  it('"no" to one recipient: that one is rejected and the address suppressed', async () => {
    const { deps, report } = await sendWith((to) =>
      to === 'reader2@example.org'
        ? { kind: 'rejected', scope: 'recipient', bounce: 'hard', reply: { code: 550, text: '550 5.1.1 unknown' } }
        : undefined,
    );
    expect(report).toMatchObject({ counts: { accepted: 3, rejected: 1 }, issue: { state: 'done' } });
    expect((await deps.store.audience.find('reader2@example.org'))?.suppressed).toBe('hard-bounce');
  });
  it('"later" to one recipient: a later run sends to that one', async () => {
    const { deps, report } = await sendWith((to, nth) =>
      to === 'reader2@example.org' && nth <= 4 ? { kind: 'deferred', scope: 'recipient', reply } : undefined,
    );
    expect(report).toMatchObject({ counts: { accepted: 3, deferred: 1 }, issue: { state: 'sending' } });
    deps.clock.advance(10 * 60_000);
    expect(await deps.sending.resume(newsletterOf(deps), 1, {})).toMatchObject({
      counts: { accepted: 4 },
      issue: { state: 'done' },
    });
  });
  it('"no" to the sender: the run stops, and no reader is changed', async () => {
    const { deps, report } = await sendWith(() => ({
      kind: 'rejected',
      scope: 'sender',
      bounce: 'none',
      reply: { code: 550, text: '550 5.7.1 no' },
    }));
    expect(report).toMatchObject({ stopped: { kind: 'fault', scope: 'sender' }, counts: { planned: 4, rejected: 0 } });
    expect((await deps.store.audience.find('reader1@example.org'))?.suppressed).toBeUndefined();
    deps.wire.answer = () => ({ kind: 'accepted', reply: { code: 250, text: '250 ok' } });
    expect(await deps.sending.resume(newsletterOf(deps), 1, {})).toMatchObject({ counts: { accepted: 4 } });
  });
  it('nothing, because it is down: the run waits, then stops, and no reader is changed', async () => {
    const { deps, report } = await sendWith(() => ({
      kind: 'deferred',
      scope: 'connection',
      reply: { text: 'connection refused' },
    }));
    expect(report).toMatchObject({ stopped: { kind: 'fault', scope: 'connection' }, counts: { planned: 4 } });
    expect(deps.clock.slept.length).toBeGreaterThan(5);
  });
  it('nothing after the final dot while the run is being stopped: the next run sends once more', async () => {
    const deps = await aContext({ posts: posts() });
    await addReaders(deps, [{}]);
    const stop = new AbortController();
    deps.wire.answer = () => {
      stop.abort();
      return { kind: 'unknown', reply: { text: 'connection lost after the final dot' } };
    };
    const request = { newsletter: newsletterOf(deps), confirm: async () => true, signal: stop.signal };
    expect(await deps.sending.sendNext(request)).toMatchObject({
      issue: { state: 'sending' },
      counts: { planned: 1, unknown: 0 },
    });
    deps.wire.answer = () => ACCEPTED;
    const [open] = await deps.sending.issuesToSend();
    expect(await deps.sending.resume(newsletterOf(deps), open?.number ?? 0, {})).toMatchObject({
      issue: { state: 'done' },
      counts: { accepted: 1 },
    });
    expect(new Set(deps.wire.messages.map(({ messageId }) => messageId)).size).toBe(1);
  });
  it('nothing after the final dot: sent once more with the same Message-ID, then left to a person', async () => {
    const { deps, report } = await sendWith((to) =>
      to === 'reader2@example.org'
        ? { kind: 'unknown', reply: { text: 'connection lost after the final dot' } }
        : undefined,
    );
    expect(report).toMatchObject({ counts: { accepted: 3, unknown: 1 }, issue: { state: 'done' } });
    const copies = deps.wire.messages.filter(({ envelope }) => envelope.to === 'reader2@example.org');
    expect(copies).toHaveLength(2);
    expect(new Set(copies.map(({ messageId }) => messageId)).size).toBe(1);
    expect(await deps.sending.verify(newsletterOf(deps), 1)).toMatchObject({ ok: false });
    deps.wire.answer = () => ({ kind: 'accepted', reply: { code: 250, text: '250 ok' } });
    expect(await deps.sending.resend(newsletterOf(deps), 1, 'unknown', {})).toMatchObject({
      counts: { accepted: 4, unknown: 0 },
    });
    expect(await deps.sending.verify(newsletterOf(deps), 1)).toMatchObject({ ok: true });
  });

  describe('sending again to readers who were rejected', () => {
    it('is refused where none of them may get a mail, and nothing that servers said is lost', async () => {
      const { deps } = await sendWith((to) =>
        to === 'reader2@example.org'
          ? {
              kind: 'rejected',
              scope: 'recipient',
              bounce: 'hard',
              reply: { code: 550, enhanced: '5.1.1', text: '550 5.1.1 no such user' },
            }
          : undefined,
      );
      const rejected = async () => {
        const rows = [];
        for await (const row of await deps.sending.deliveries(newsletterOf(deps), 1)) rows.push(row);
        return rows.filter(({ state }) => state === 'rejected');
      };
      const before = await rejected();
      expect(before).toHaveLength(1);
      await expect(deps.sending.resend(newsletterOf(deps), 1, 'rejected')).rejects.toMatchObject({
        code: 'issue.state',
        message: expect.stringContaining('None of the 1 rejected readers'),
      });
      expect(await rejected()).toEqual(before);
      const { issue } = await deps.sending.show(newsletterOf(deps), 1);
      expect(issue.state).toBe('done');
      expect(await deps.sending.resendable(issue)).toEqual({ rejected: 0, unknown: 0 });
      await deps.sending.returnRefused(newsletterOf(deps), 1, 'all');
      expect(await deps.sending.resume(newsletterOf(deps), 1)).toMatchObject({ counts: { accepted: 3, rejected: 1 } });
    });
  });
});

describe('planning', () => {
  it('shows for every post and every reader what sending would do, and changes nothing', async () => {
    const deps = await aContext({ posts: [...posts(), aPost({ title: 'Draft', draft: true })] });
    await addReaders(deps, [{}, { preferences: ['reading'] }]);
    const plan = await deps.issues.plan({ newsletter: newsletterOf(deps) });
    expect(plan.posts.map(({ title, verdict, reason }) => [title, verdict, reason])).toEqual([
      ['Draft', 'out', 'draft'],
      ['On salt', 'in', 'news'],
      ['On speed', 'in', 'news'],
    ]);
    expect(plan.readers).toEqual({ total: 2, planned: 1, skipped: { 'nothing-wished': 1 } });
    expect((await deps.store.posts.known(['blog'])).posts).toEqual([]);
    expect(await deps.sending.list()).toEqual([]);
  });
});

describe('over two issues', () => {
  it('a late post is carried once, and a post over the limit is carried over', async () => {
    const deps = await aContext({ posts: posts(), newsletter: { maxPosts: 1 } });
    await addReaders(deps, [{}]);
    await send(deps);
    deps.clock.set(new Date('2026-06-22T07:00:00Z'));
    deps.source.posts.push(aPost({ title: 'Late', publishedAt: day(1) }));
    await send(deps);
    deps.clock.set(new Date('2026-06-29T07:00:00Z'));
    await send(deps);
    const carried = (await deps.sending.list()).map(({ issue }) => issue.posts.map(({ title }) => title));
    expect(carried).toEqual([['Late'], ['On speed'], ['On salt']]);
  });
});
