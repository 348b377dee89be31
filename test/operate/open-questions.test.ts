import { describe, expect, it } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import { GazetteError } from '../../src/domain/errors.js';
import type { Processes } from '../../src/domain/ports/host.js';
import type { Note } from '../../src/domain/ports/mail.js';
import type { Outcome } from '../../src/domain/reply.js';
import { openScheduler } from '../../src/scheduler/scheduler.js';
import { metricsText } from '../../src/web/monitor/metrics.js';
import { ACCEPTED, aContext, addReaders, type TestContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';
import { plainRenderer } from '../support/plain-renderer.js';
import { typed } from '../support/typed.js';

const MINUTE_MS = 60_000;
const UNKNOWN: Outcome = { kind: 'unknown', reply: { text: 'the connection was lost after the final dot' } };
const POSTS = [aPost({ publishedAt: new Date('2026-06-10T00:00:00Z') })];

/** Issue 1 is done, and whether it reached these readers is not known. */
async function anIssueWithUnknownOutcomes(unknown: number, readers = 3): Promise<TestContext> {
  const deps = await aContext({ posts: POSTS, renderer: plainRenderer, newsletter: { onUnknownOutcome: 'hold' } });
  await addReaders(
    deps,
    Array.from({ length: readers }, () => ({})),
  );
  deps.wire.answer = (_, nth) => (nth <= unknown ? UNKNOWN : ACCEPTED);
  await typed(deps, ['send', '--yes']);
  expect(await deps.store.ledger.issue('weekly', 1)).toMatchObject({ state: 'done' });
  return deps;
}

describe('unknown outcomes of an issue that is done', () => {
  it('are named by status, with status 4 and the command, until a person settles them', async () => {
    const deps = await anIssueWithUnknownOutcomes(2);
    const shown = await typed(deps, ['status']);
    expect(shown.code).toBe(4);
    expect(shown.out).toContain('weekly, issue 1: for 2 readers it is not known whether the mail arrived.');
    expect(shown.out).toContain('`gazette issue resend 1 --newsletter weekly --only unknown`');
    const json = JSON.parse((await typed(deps, ['status', '--json'])).out);
    expect(json.questions).toMatchObject([{ kind: 'unknown-outcomes', newsletter: 'weekly', issue: 1, deliveries: 2 }]);
    deps.wire.answer = () => ACCEPTED;
    await typed(deps, ['issue', 'resend', '1', '--only', 'unknown']);
    expect(await typed(deps, ['status'])).toMatchObject({ code: 0 });
  });

  it('are a metric and, once for each number of them, a note to the editor', async () => {
    const notes: Note[] = [];
    const notifier = { tell: async (note: Note) => void notes.push(note) };
    const deps = openUseCases({ ...(await anIssueWithUnknownOutcomes(2)), notifier });
    expect(await metricsText(await deps.operate.status())).toContain(
      'gazette_open_questions{kind="unknown-outcomes"} 1',
    );
    for (let ticks = 0; ticks < 2; ticks += 1) {
      const scheduler = openScheduler(deps, new AbortController().signal);
      scheduler.tick();
      await scheduler.idle();
    }
    expect(notes.filter(({ subject }) => subject === 'weekly: issue 1 needs you')).toHaveLength(1);
  });

  it('are nobody’s question any more when the next issue is made', async () => {
    const deps = await anIssueWithUnknownOutcomes(2);
    deps.source.posts = [...POSTS, aPost({ title: 'Later', publishedAt: new Date('2026-06-20T00:00:00Z') })];
    deps.clock.set(new Date('2026-06-22T07:00:00Z'));
    deps.wire.answer = () => ACCEPTED;
    await typed(deps, ['send', '--yes']);
    expect(await typed(deps, ['status'])).toMatchObject({ code: 0 });
  });
});

describe('an issue that no process sends', () => {
  /** A process claimed a delivery of issue 1 and is in this state now. */
  async function anIssueOf(state: ReturnType<Processes['stateOf']>): Promise<TestContext> {
    const processes: Processes = { self: 'self', stateOf: (owner) => (owner === 'self' ? 'alive' : state) };
    const deps = await aContext({ posts: POSTS, renderer: plainRenderer, processes });
    await addReaders(deps, [{}, {}, {}]);
    deps.wire.answer = () => ({ kind: 'deferred', scope: 'connection', reply: { text: 'not yet' } });
    await deps.sending.sendNext({ newsletter: [...deps.newsletters.values()][0] as never, confirm: async () => true });
    const now = deps.clock.now();
    await deps.store.ledger.claim({ issue: 1, owner: 'other', limit: 1, leaseMs: 15 * MINUTE_MS, now });
    deps.clock.set(new Date(now.getTime() + 6 * MINUTE_MS));
    return deps;
  }

  it('is a question, and no time left is promised', async () => {
    const deps = await anIssueOf('dead');
    expect(await deps.operate.status()).toMatchObject({
      questions: [{ kind: 'not-being-sent', newsletter: 'weekly', issue: 1, deliveries: 3 }],
    });
    expect((await deps.operate.status()).secondsLeft).toBeUndefined();
    expect((await typed(deps, ['status'])).out).toContain('no process is sending. Start `gazette serve`');
  });

  it.each(['alive', 'elsewhere'] as const)('is none while the process that holds deliveries is %s', async (state) => {
    expect((await (await anIssueOf(state)).operate.status()).questions).toEqual([]);
  });
});

it('A pause, a failing source and an arrangement that cannot be read are questions as well', async () => {
  const deps = await aContext({
    posts: POSTS,
    renderer: plainRenderer,
    arranged: { 'weekly/2026-06-22.yaml': 'pin: {}\n' },
  });
  await addReaders(deps, [{}]);
  deps.wire.answer = () => ({ kind: 'deferred', scope: 'connection', reply: { text: 'not yet' } });
  await typed(deps, ['send', '--yes']);
  await typed(deps, ['issue', 'pause', '1']);
  deps.source.collect = () => Promise.reject(new GazetteError('source.failed', 'The folder is gone.'));
  for (let tries = 0; tries < 3; tries += 1) await deps.issues.collectSource('blog').catch(() => undefined);
  deps.clock.set(new Date('2026-06-16T07:00:00Z'));
  expect((await deps.operate.status()).questions.map(({ kind }) => kind)).toEqual([
    'paused',
    'arrangement',
    'source-failing',
  ]);
});
