import { describe, expect, it } from 'vitest';
import type { Processes } from '../../src/domain/ports.js';
import { sendIssue } from '../../src/flows/send-issue.js';
import { sendPlanned } from '../../src/flows/send-planned.js';
import { aPost } from '../support/builders.js';
import { addReaders, aHouse, type TestHouse } from '../support/house.js';
import { plainRenderer } from '../support/plain-renderer.js';

const MINUTE_MS = 60_000;

/** A house whose first issue is frozen, with a row claimed and one attempted by a process that is gone. */
async function aDesertedIssue(fate: ReturnType<Processes['fateOf']>): Promise<TestHouse> {
  const house = await aHouse({
    posts: [aPost({ publishedAt: new Date('2026-06-10T00:00:00Z') })],
    renderer: plainRenderer,
    processes: { self: 'heir', fateOf: (owner) => (owner === 'heir' ? 'alive' : fate) },
  });
  await addReaders(house, [{}, {}, {}]);
  house.wire.answer = () => ({ kind: 'deferred', scope: 'connection', reply: { text: 'not yet' } });
  await sendIssue(house, { newsletter: [...house.newsletters.values()][0] as never, confirm: async () => true });
  const now = house.clock.now();
  const owner = 'gone';
  const { ledger } = house.store;
  const [first] = await ledger.claim({ issue: 1, owner, limit: 2, leaseMs: 15 * MINUTE_MS, now });
  if (first) await ledger.exchange([], [first], { owner, now, leaseMs: 15 * MINUTE_MS });
  house.wire.answer = () => ({ kind: 'accepted', reply: { code: 250, text: '250 ok' } });
  return house;
}

/** A house that sends its first issue while a process of another host takes two rows of it and dies; one is begun. */
async function aRunBeside(fate: ReturnType<Processes['fateOf']>): Promise<TestHouse> {
  const house = await aHouse({
    posts: [aPost({ publishedAt: new Date('2026-06-10T00:00:00Z') })],
    processes: { self: 'heir', fateOf: (owner) => (owner === 'heir' ? 'alive' : fate) },
  });
  await addReaders(
    house,
    Array.from({ length: 40 }, () => ({})),
  );
  house.wire.answer = async (_message, nth) => {
    if (nth === 1) await holdTwo(house);
    return { kind: 'accepted', reply: { code: 250, text: '250 ok' } };
  };
  return house;
}

async function holdTwo({ store: { ledger }, clock }: TestHouse): Promise<void> {
  const by = { owner: 'gone', leaseMs: 15 * MINUTE_MS, now: clock.now() };
  const [first] = await ledger.claim({ issue: 1, limit: 2, ...by });
  if (first) await ledger.exchange([], [first], by);
}

const send = (house: TestHouse, wait = false) =>
  sendIssue(house, { newsletter: [...house.newsletters.values()][0] as never, confirm: async () => true, wait });

async function resume(house: TestHouse) {
  const issue = await house.store.ledger.issue('weekly', 1);
  return (await sendPlanned(house, issue as never)).counts;
}

describe('what another process held', () => {
  it('is taken over at once when that process is dead, and what was on the wire is tried once more', async () => {
    expect(await resume(await aDesertedIssue('dead'))).toMatchObject({ accepted: 3, claimed: 0, attempted: 0 });
  });
  it('is taken over by a run that goes on, when that process dies meanwhile', async () => {
    const house = await aDesertedIssue('alive');
    let fate: ReturnType<Processes['fateOf']> = 'alive';
    const processes: Processes = { self: 'heir', fateOf: (owner) => (owner === 'heir' ? 'alive' : fate) };
    house.wire.answer = () => {
      fate = 'dead';
      return { kind: 'accepted', reply: { code: 250, text: '250 ok' } };
    };
    expect(await resume({ ...house, processes })).toMatchObject({ accepted: 3, claimed: 0, attempted: 0 });
  });
  it('on another host is taken over by a run that waits, when its leases have ended', async () => {
    const house = await aRunBeside('elsewhere');
    expect(await send(house, true)).toMatchObject({ issue: { state: 'done' }, counts: { accepted: 40 } });
    expect(house.clock.now().getTime()).toBeGreaterThanOrEqual(new Date('2026-06-15T07:15:00Z').getTime());
  });
  it('on another host is left alone while its mail is on the wire, however slow the server', async () => {
    const house = await aHouse({ posts: [aPost({ publishedAt: new Date('2026-06-10T00:00:00Z') })] });
    await addReaders(house, [{}]);
    const processes: Processes = { self: 'heir', fateOf: (owner) => (owner === 'heir' ? 'alive' : 'elsewhere') };
    const other = { ...(await aHouse({ store: house.store, processes })), clock: house.clock };
    house.wire.answer = async () => {
      house.clock.advance(50 * MINUTE_MS);
      expect(await resume(other)).toMatchObject({ attempted: 1, accepted: 0 });
      return { kind: 'accepted', reply: { code: 250, text: '250 ok' } };
    };
    expect(await send(house)).toMatchObject({ issue: { state: 'done' }, counts: { accepted: 1 } });
    expect(other.wire.messages).toEqual([]);
  });
  it('is left alone while that process lives', async () => {
    expect(await resume(await aDesertedIssue('alive'))).toMatchObject({ accepted: 1, claimed: 1, attempted: 1 });
  });
  it('on another host is taken over when its leases have ended, and not before', async () => {
    const house = await aDesertedIssue('elsewhere');
    expect(await resume(house)).toMatchObject({ accepted: 1, claimed: 1, attempted: 1 });
    house.clock.advance(16 * MINUTE_MS);
    expect(await resume(house)).toMatchObject({ accepted: 3, claimed: 0, attempted: 0 });
  });
});
