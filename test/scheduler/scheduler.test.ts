import { describe, expect, it } from 'vitest';
import { GazetteError } from '../../src/domain/errors.js';
import type { Issue } from '../../src/domain/issue.js';
import { newsletterNamed } from '../../src/domain/newsletter.js';
import type { Outcome } from '../../src/domain/reply.js';
import { openJobs } from '../../src/scheduler/jobs.js';
import { openScheduler } from '../../src/scheduler/scheduler.js';
import { ACCEPTED, aContext, addReaders, type TestContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';
import { plainRenderer } from '../support/plain-renderer.js';

const MONDAY = new Date('2026-06-15T07:00:00Z');
const MINUTE_MS = 60_000;

async function aService(with_: { readonly readers?: number } = {}) {
  const deps = await aContext({ now: new Date('2026-06-12T12:00:00Z'), renderer: plainRenderer });
  deps.source.posts = [aPost({ publishedAt: new Date('2026-06-10T10:00:00Z') })];
  await addReaders(
    deps,
    Array.from({ length: with_.readers ?? 2 }, () => ({})),
  );
  const stop = new AbortController();
  const scheduler = openScheduler(deps, stop.signal);
  const tickAt = async (moment: Date) => {
    deps.clock.set(moment);
    scheduler.tick();
    await scheduler.idle();
  };
  await tickAt(deps.clock.now());
  return { deps, scheduler, tickAt, stop };
}

async function theIssue(deps: TestContext): Promise<Issue | undefined> {
  return deps.store.ledger.issue('weekly', 1);
}

const GREYLISTED: Outcome = {
  kind: 'deferred',
  scope: 'recipient',
  reply: { code: 451, enhanced: '4.7.1', text: '451 4.7.1 Try again later' },
};

describe('The running service', () => {
  it('sends an issue in the tick of its occurrence, to every reader once', async () => {
    const { deps, tickAt } = await aService();
    await tickAt(new Date(MONDAY.getTime() - 1));
    expect(deps.wire.messages).toHaveLength(0);
    await tickAt(MONDAY);
    expect(deps.wire.messages.map(({ envelope }) => envelope.to).sort()).toEqual([
      'reader1@example.org',
      'reader2@example.org',
    ]);
    expect(await theIssue(deps)).toMatchObject({ state: 'done', occurrence: MONDAY });
    await tickAt(new Date(MONDAY.getTime() + MINUTE_MS));
    expect(deps.wire.messages).toHaveLength(2);
  });

  it('sends what it missed as soon as it runs again', async () => {
    const { deps, tickAt } = await aService();
    await tickAt(new Date(MONDAY.getTime() + 5 * 3_600_000));
    expect(await theIssue(deps)).toMatchObject({ state: 'done', occurrence: MONDAY });
  });

  it('finishes deferred deliveries when they are due, and not before', async () => {
    const { deps, tickAt } = await aService({ readers: 1 });
    deps.wire.answer = (_, nth) => (nth === 1 ? GREYLISTED : ACCEPTED);
    await tickAt(MONDAY);
    await tickAt(new Date(MONDAY.getTime() + MINUTE_MS / 2));
    expect(deps.wire.messages).toHaveLength(1);
    await tickAt(new Date(MONDAY.getTime() + MINUTE_MS));
    expect(deps.wire.messages).toHaveLength(2);
    expect((await theIssue(deps))?.state).toBe('done');
  });

  it('does not continue an issue that somebody paused', async () => {
    const { deps, tickAt } = await aService({ readers: 1 });
    deps.wire.answer = () => GREYLISTED;
    await tickAt(MONDAY);
    const issue = await theIssue(deps);
    await deps.store.ledger.setState(issue?.id ?? 0, ['sending'], 'paused');
    await tickAt(new Date(MONDAY.getTime() + 10 * MINUTE_MS));
    expect(deps.wire.messages).toHaveLength(1);
  });

  it('does not continue an issue that somebody pauses at that moment', async () => {
    const { deps, tickAt, stop } = await aService({ readers: 1 });
    deps.wire.answer = () => GREYLISTED;
    await tickAt(MONDAY);
    const { sending } = deps;
    const weekly = newsletterNamed(deps, 'weekly');
    const issuesToSend = async () => {
      const listed = await sending.issuesToSend();
      for (const { number } of listed) await sending.pause(weekly, number);
      return listed;
    };
    const scheduler = openScheduler({ ...deps, sending: { ...sending, issuesToSend } }, stop.signal);
    deps.clock.set(new Date(MONDAY.getTime() + 10 * MINUTE_MS));
    scheduler.tick();
    await scheduler.idle();
    expect((await theIssue(deps))?.state).toBe('paused');
    expect(deps.wire.messages).toHaveLength(1);
    deps.wire.answer = () => ACCEPTED;
    await sending.resume(weekly, 1);
    expect((await theIssue(deps))?.state).toBe('done');
  });

  it('starts nothing once it is asked to stop, and records what is on the wire', async () => {
    const { deps, scheduler, stop } = await aService({ readers: 20 });
    deps.wire.answer = () => {
      stop.abort();
      return ACCEPTED;
    };
    deps.clock.set(MONDAY);
    scheduler.tick();
    await scheduler.idle();
    scheduler.tick();
    await scheduler.idle();
    const issue = await theIssue(deps);
    const counts = await deps.store.ledger.counts(issue?.id ?? 0);
    expect(counts).toMatchObject({ claimed: 0, attempted: 0, unknown: 0, accepted: deps.wire.messages.length });
    expect(counts.planned).toBeGreaterThan(0);
  });

  it('reads its sources between issues, and less often while they fail', async () => {
    const { deps, tickAt } = await aService();
    let readings = 0;
    const collect = deps.source.collect;
    deps.source.collect = async (request) => {
      readings += 1;
      return collect(request);
    };
    const hour = async (from: Date) => {
      readings = 0;
      for (let minute = 0; minute < 60; minute += 1) await tickAt(new Date(from.getTime() + minute * MINUTE_MS));
      return readings;
    };
    expect(await hour(new Date('2026-06-13T10:00:00Z'))).toBeGreaterThanOrEqual(4);
    deps.source.failure = new GazetteError('source.failed', 'It is down.');
    await hour(new Date('2026-06-13T11:00:00Z'));
    expect(await hour(new Date('2026-06-13T15:00:00Z'))).toBeLessThanOrEqual(1);
    delete deps.source.failure;
    await tickAt(new Date('2026-06-14T10:00:00Z'));
    expect(await hour(new Date('2026-06-14T11:00:00Z'))).toBeGreaterThanOrEqual(4);
  });
});

describe('A clock that is ahead', () => {
  const NEXT_YEAR = new Date('2027-06-13T12:00:00Z');

  it('for one tick makes no issue, deletes nothing and silences nothing, and the operator is told', async () => {
    const { deps, tickAt } = await aService();
    await tickAt(NEXT_YEAR);
    expect(await theIssue(deps)).toBeUndefined();
    expect(await deps.store.ledger.skips('weekly')).toEqual([]);
    expect((await deps.operate.status()).questions).toEqual([
      { kind: 'clock', believed: new Date('2026-06-12T12:00:00Z'), says: NEXT_YEAR },
    ]);
    await tickAt(new Date('2026-06-12T12:02:00Z'));
    expect((await deps.operate.status()).questions).toEqual([]);
    await tickAt(MONDAY);
    expect(await theIssue(deps)).toMatchObject({ occurrence: MONDAY });
  });

  it('is believed once it has said so for ten minutes: the service may have been stopped for long', async () => {
    const { deps, tickAt } = await aService();
    const away = new Date('2026-06-22T06:55:00Z');
    for (let minute = 0; minute < 10; minute += 1) await tickAt(new Date(away.getTime() + minute * MINUTE_MS));
    expect(await theIssue(deps)).toBeUndefined();
    await tickAt(new Date(away.getTime() + 10 * MINUTE_MS));
    expect(await theIssue(deps)).toMatchObject({ occurrence: new Date('2026-06-22T07:00:00Z') });
    expect((await deps.operate.status()).questions).toEqual([]);
  });
});

describe('A job', () => {
  it('never runs twice at once', async () => {
    const jobs = openJobs(() => undefined);
    let started = 0;
    let end: () => void = () => {};
    const work = async () => {
      started += 1;
      await new Promise<void>((resolve) => {
        end = resolve;
      });
    };
    jobs.start('one', work);
    await Promise.resolve();
    jobs.start('one', work);
    await Promise.resolve();
    end();
    await jobs.idle();
    expect(started).toBe(1);
  });

  it('that fails waits longer each time, and reports the error once', async () => {
    const told: unknown[] = [];
    const jobs = openJobs((_, error) => told.push(error));
    let tries = 0;
    for (let tick = 0; tick < 40; tick += 1) {
      jobs.tick();
      jobs.start('one', async () => {
        tries += 1;
        throw new Error('no');
      });
      await jobs.idle();
    }
    expect(tries).toBe(6);
    expect(told).toHaveLength(1);
  });
});
