import { describe, expect, it } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import type { Processes } from '../../src/domain/ports/host.js';
import { aContext, addReaders, type TestContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';
import { plainRenderer } from '../support/plain-renderer.js';

const MINUTE_MS = 60_000;

/** A frozen issue with one delivery claimed and one attempted by another process in this state. */
async function anAbandonedIssue(state: ReturnType<Processes['stateOf']>): Promise<TestContext> {
  const deps = await aContext({
    posts: [aPost({ publishedAt: new Date('2026-06-10T00:00:00Z') })],
    renderer: plainRenderer,
    processes: { self: 'self', stateOf: (owner) => (owner === 'self' ? 'alive' : state) },
  });
  await addReaders(deps, [{}, {}, {}]);
  deps.wire.answer = () => ({ kind: 'deferred', scope: 'connection', reply: { text: 'not yet' } });
  await deps.sending.sendNext({ newsletter: [...deps.newsletters.values()][0] as never, confirm: async () => true });
  const now = deps.clock.now();
  const owner = 'gone';
  const { ledger } = deps.store;
  const [first] = await ledger.claim({ issue: 1, owner, limit: 2, leaseMs: 15 * MINUTE_MS, now });
  if (first) await ledger.exchange([], [first], { owner, now, leaseMs: 15 * MINUTE_MS });
  deps.wire.answer = () => ({ kind: 'accepted', reply: { code: 250, text: '250 ok' } });
  return deps;
}

/** An issue of which another process takes two deliveries during the run, and begins one. */
async function aRunBeside(state: ReturnType<Processes['stateOf']>): Promise<TestContext> {
  const deps = await aContext({
    posts: [aPost({ publishedAt: new Date('2026-06-10T00:00:00Z') })],
    processes: { self: 'self', stateOf: (owner) => (owner === 'self' ? 'alive' : state) },
  });
  await addReaders(
    deps,
    Array.from({ length: 40 }, () => ({})),
  );
  deps.wire.answer = async (_message, nth) => {
    if (nth === 1) await holdTwo(deps);
    return { kind: 'accepted', reply: { code: 250, text: '250 ok' } };
  };
  return deps;
}

async function holdTwo({ store: { ledger }, clock }: TestContext): Promise<void> {
  const by = { owner: 'gone', leaseMs: 15 * MINUTE_MS, now: clock.now() };
  const [first] = await ledger.claim({ issue: 1, limit: 2, ...by });
  if (first) await ledger.exchange([], [first], by);
}

const send = (deps: TestContext, wait = false) =>
  deps.sending.sendNext({ newsletter: [...deps.newsletters.values()][0] as never, confirm: async () => true, wait });

async function resume(deps: TestContext) {
  const issue = await deps.store.ledger.issue('weekly', 1);
  return (await deps.sending.sendPlanned(issue as never)).counts;
}

describe('deliveries held by another process', () => {
  it('are reclaimed at once when that process is dead, and an attempted one is sent once more', async () => {
    expect(await resume(await anAbandonedIssue('dead'))).toMatchObject({ accepted: 3, claimed: 0, attempted: 0 });
  });
  it('are reclaimed during a run, when that process dies meanwhile', async () => {
    const deps = await anAbandonedIssue('alive');
    let state: ReturnType<Processes['stateOf']> = 'alive';
    const processes: Processes = { self: 'self', stateOf: (owner) => (owner === 'self' ? 'alive' : state) };
    deps.wire.answer = () => {
      state = 'dead';
      return { kind: 'accepted', reply: { code: 250, text: '250 ok' } };
    };
    expect(await resume(openUseCases({ ...deps, processes }))).toMatchObject({ accepted: 3, claimed: 0, attempted: 0 });
  });
  it('on another host are reclaimed by a run that waits, when their leases have ended', async () => {
    const deps = await aRunBeside('elsewhere');
    expect(await send(deps, true)).toMatchObject({ issue: { state: 'done' }, counts: { accepted: 40 } });
    expect(deps.clock.now().getTime()).toBeGreaterThanOrEqual(new Date('2026-06-15T07:15:00Z').getTime());
  });
  it('on another host are not reclaimed while a mail is on the wire, however slow the server', async () => {
    const deps = await aContext({ posts: [aPost({ publishedAt: new Date('2026-06-10T00:00:00Z') })] });
    await addReaders(deps, [{}]);
    const processes: Processes = { self: 'self', stateOf: (owner) => (owner === 'self' ? 'alive' : 'elsewhere') };
    const other = openUseCases({ ...(await aContext({ store: deps.store, processes })), clock: deps.clock });
    deps.wire.answer = async () => {
      deps.clock.advance(50 * MINUTE_MS);
      expect(await resume(other)).toMatchObject({ attempted: 1, accepted: 0 });
      return { kind: 'accepted', reply: { code: 250, text: '250 ok' } };
    };
    expect(await send(deps)).toMatchObject({ issue: { state: 'done' }, counts: { accepted: 1 } });
    expect(other.wire.messages).toEqual([]);
  });
  it('are not reclaimed while that process lives', async () => {
    expect(await resume(await anAbandonedIssue('alive'))).toMatchObject({ accepted: 1, claimed: 1, attempted: 1 });
  });
  it('on another host are reclaimed when their leases have ended, and not before', async () => {
    const deps = await anAbandonedIssue('elsewhere');
    expect(await resume(deps)).toMatchObject({ accepted: 1, claimed: 1, attempted: 1 });
    deps.clock.advance(16 * MINUTE_MS);
    expect(await resume(deps)).toMatchObject({ accepted: 3, claimed: 0, attempted: 0 });
  });
  it('are reclaimed by the next run of the same process, when the database was gone at the end of a run (rule: owner)', async () => {
    const deps = await aContext({ posts: [aPost({ publishedAt: new Date('2026-06-10T00:00:00Z') })] });
    await addReaders(
      deps,
      Array.from({ length: 30 }, () => ({})),
    );
    const { ledger } = deps.store;
    let isGone = false;
    const unlessGone =
      <Args extends unknown[], Result>(ask: (...args: Args) => Promise<Result>) =>
      (...args: Args) =>
        isGone ? Promise.reject(new Error('The database server closed the connection.')) : ask(...args);
    const broken = {
      ...ledger,
      exchange: unlessGone(ledger.exchange),
      reclaim: unlessGone(ledger.reclaim),
      release: unlessGone(ledger.release),
      giveBack: unlessGone(ledger.giveBack),
    };
    const living = openUseCases({ ...deps, store: { ...deps.store, ledger: broken } });
    deps.wire.answer = (_message, nth) => {
      isGone ||= nth === 12;
      return { kind: 'accepted', reply: { code: 250, text: '250 ok' } };
    };
    await expect(send({ ...deps, ...living })).rejects.toThrow('closed the connection');
    isGone = false;
    expect(await ledger.counts(1)).not.toMatchObject({ attempted: 0 });
    const issue = await ledger.issue('weekly', 1);
    const { counts } = await living.sending.sendPlanned(issue as never);
    expect(counts).toMatchObject({ accepted: 30, attempted: 0, claimed: 0 });
    expect(new Set(deps.wire.messages.map(({ envelope }) => envelope.to)).size).toBe(30);
  });
});
