import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AppContext } from '../../src/app-context.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { Outcome } from '../../src/domain/reply.js';
import { cancelIssue } from '../../src/issue/cancel.js';
import { studioApp } from '../../src/run-studio.js';
import { openDraftWorkspace } from '../../src/studio/draft-workspace.js';
import { draftLiveIssue, shownSections } from '../../src/studio/live-issue.js';
import { ACCEPTED, aContext, addReaders, type TestContext } from '../support/app-context.js';
import { aPost, DAY_MS } from '../support/builders.js';
import { plainRenderer } from '../support/plain-renderer.js';

/** Mondays, 08:00 in London. */
const FIRST = new Date('2026-06-15T07:00:00Z');
const SECOND = new Date('2026-06-22T07:00:00Z');
const HOUR_MS = 3_600_000;
const FRIDAY = new Date('2026-06-12T12:00:00Z');
const YES = { verdict: 'approved', by: 'Group Office' } as const;
const NO = { verdict: 'vetoed', by: 'Group Office' } as const;
const REQUIRED = { approval: { kind: 'required' } } as const;
const VETO = { approval: { kind: 'veto', ms: 2 * HOUR_MS } } as const;

function later(moment: Date, ms: number): Date {
  return new Date(moment.getTime() + ms);
}

/** A service that has followed its schedule since Friday, with a post for Monday. */
async function aService(newsletter: Partial<Newsletter> = {}): Promise<TestContext> {
  const deps = await aContext({ newsletter, now: FRIDAY, renderer: plainRenderer });
  await addReaders(deps, [{}]);
  publish(deps, 'Autumn', later(FRIDAY, -2 * DAY_MS));
  await deps.issues.collect(weeklyOf(deps));
  await due(deps);
  return deps;
}

const weeklyOf = (deps: AppContext) => deps.newsletters.get('weekly') as Newsletter;
const due = (deps: AppContext) => deps.operate.publishDue(weeklyOf(deps));
const answer = (deps: AppContext, given: typeof YES | typeof NO) => deps.approval.answer(weeklyOf(deps), given);
const sendByHand = (deps: AppContext) =>
  deps.sending.sendNext({ newsletter: weeklyOf(deps), confirm: async () => true });

function publish(deps: TestContext, title: string, at: Date): void {
  deps.source.posts.push(aPost({ title, publishedAt: at }));
}

/** Publishes a post an hour after a moment, and lets another hour pass. */
function publishLater(deps: TestContext, moment: Date): void {
  deps.clock.set(later(moment, HOUR_MS));
  publish(deps, 'Later', deps.clock.now());
  deps.clock.advance(HOUR_MS);
}

/** Sends by hand to a server that refuses the sender, so that no message is accepted. */
async function sendRefused(deps: TestContext): Promise<void> {
  deps.wire.answer = (): Outcome => ({
    kind: 'rejected',
    scope: 'sender',
    bounce: 'none',
    reply: { code: 550, text: 'no' },
  });
  await sendByHand(deps);
  deps.wire.answer = () => ACCEPTED;
  deps.clock.advance(60_000);
}

async function cancelLatest(deps: TestContext): Promise<void> {
  const { lastNumber } = await deps.store.ledger.history('weekly');
  await cancelIssue({ ...deps, ledger: deps.store.ledger }, weeklyOf(deps), lastNumber, deps.clock.now());
}

async function titles(deps: AppContext): Promise<readonly (readonly string[])[]> {
  return (await deps.store.ledger.issues()).map(({ posts }) => posts.map(({ title }) => title).sort());
}

async function records(deps: TestContext): Promise<readonly string[]> {
  const issues = (await deps.store.ledger.issues()).map(
    ({ occurrence, number, manual }) => [occurrence, manual ? `manual #${number}` : `#${number}`] as const,
  );
  const skips = (await deps.store.ledger.skips('weekly')).map(
    ({ occurrence, outcome }) => [occurrence, outcome] as const,
  );
  return [...issues, ...skips]
    .sort(([one], [other]) => one.getTime() - other.getTime())
    .map(([at, what]) => `${at.toISOString().slice(5, 16)} ${what}`);
}

async function inStudio(deps: TestContext): Promise<readonly string[]> {
  const app = studioApp(deps, '/');
  const workspace = await openDraftWorkspace(app);
  try {
    const issue = await draftLiveIssue(app, workspace, weeklyOf(deps), deps.clock.now());
    return shownSections(issue)
      .flatMap(({ posts }) => posts.map(({ title }) => title))
      .sort();
  } finally {
    await workspace.scratch.close();
  }
}

/** The next issue as the studio, plan, preview and a test show it, and then as it is sent. */
async function shownAndSent(deps: TestContext) {
  const newsletter = weeklyOf(deps);
  const { sections } = await deps.issues.plan({ newsletter });
  const preview = await deps.issues.preview({ newsletter });
  const test = await deps.sending.sendTest({ newsletter, testTo: 'me@example.org' });
  const live = await inStudio(deps);
  await sendByHand(deps);
  const { lastNumber } = await deps.store.ledger.history('weekly');
  const sent = await deps.store.ledger.issue('weekly', lastNumber);
  return {
    live,
    plan: sections.flatMap(({ posts }) => posts).sort(),
    preview: preview.kind === 'preview' ? preview.posts.length : preview.kind,
    test: test.kind,
    sent: (sent?.posts ?? []).map(({ title }) => title).sort(),
  };
}

const ONLY_AUTUMN = { live: ['Autumn'], plan: ['Autumn'], preview: 1, test: 'tested', sent: ['Autumn'] };

describe('Sending by hand sends what the studio, plan, preview and a test show', () => {
  it('for an approved issue', async () => {
    const deps = await aService(REQUIRED);
    await answer(deps, YES);
    publishLater(deps, FRIDAY);
    expect(await shownAndSent(deps)).toEqual(ONLY_AUTUMN);
    expect(await records(deps)).toEqual(['06-12T12:00 manual #1']);
  });

  it('for an issue whose content was closed by its notice', async () => {
    const deps = await aService(VETO);
    const notice = later(FIRST, -2 * HOUR_MS);
    deps.clock.set(notice);
    expect(await due(deps)).toMatchObject({ ahead: { kind: 'announced' } });
    publish(deps, 'Later', later(notice, HOUR_MS / 2));
    deps.clock.advance(HOUR_MS);
    expect(await shownAndSent(deps)).toEqual(ONLY_AUTUMN);
    deps.clock.set(FIRST);
    await due(deps);
    deps.clock.set(later(FIRST, 3 * HOUR_MS));
    await due(deps);
    expect(await titles(deps)).toEqual([['Autumn'], ['Later']]);
  });

  it('for a vetoed issue: sending overrules the veto', async () => {
    const deps = await aService(VETO);
    await answer(deps, NO);
    publishLater(deps, FRIDAY);
    expect(await shownAndSent(deps)).toEqual(ONLY_AUTUMN);
  });

  it('for an issue that is due and waits for approval: it becomes the issue of its occurrence', async () => {
    const deps = await aService(REQUIRED);
    publishLater(deps, FIRST);
    expect(await due(deps)).toMatchObject({ kind: 'waiting', for: 'approval' });
    expect(await shownAndSent(deps)).toEqual(ONLY_AUTUMN);
    expect(await records(deps)).toEqual(['06-15T07:00 #1']);
    expect(await due(deps)).toMatchObject({ kind: 'nothing-due', next: SECOND });
  });

  it('for an issue that makes up for several occurrences: the earlier ones get their records with it', async () => {
    const deps = await aService();
    publishLater(deps, SECOND);
    expect(await shownAndSent(deps)).toEqual(ONLY_AUTUMN);
    expect(await records(deps)).toEqual([`06-15T07:00 merged-into(${SECOND.toISOString()})`, '06-22T07:00 #1']);
  });

  it('for an occurrence that is due and has nothing new: what was published since', async () => {
    const deps = await aService();
    await sendByHand(deps);
    publishLater(deps, FIRST);
    const onlyLater = { live: ['Later'], plan: ['Later'], preview: 1, test: 'tested', sent: ['Later'] };
    expect(await shownAndSent(deps)).toEqual(onlyLater);
    await due(deps);
    const { lastScheduled } = await deps.store.ledger.history('weekly');
    expect(lastScheduled).toEqual(FIRST);
  });

  it('for an issue that was edited after its approval: the edited content', async () => {
    const deps = await aService(REQUIRED);
    await answer(deps, YES);
    deps.source.posts = deps.source.posts.map((post) => ({ ...post, bodyHash: 'other' }));
    publishLater(deps, FRIDAY);
    const both = { live: ['Autumn', 'Later'], plan: ['Autumn', 'Later'], preview: 2, test: 'tested' };
    expect(await shownAndSent(deps)).toEqual({ ...both, sent: ['Autumn', 'Later'] });
  });
});

describe('An issue sent by hand after its occurrence', () => {
  async function approvedTooLate() {
    const deps = await aService(REQUIRED);
    deps.clock.set(later(FIRST, HOUR_MS));
    await answer(deps, YES);
    return deps;
  }

  it('is the record of the occurrence, and later issues sent by hand do not stop the schedule', async () => {
    const deps = await approvedTooLate();
    await sendByHand(deps);
    publishLater(deps, later(FIRST, 2 * DAY_MS));
    await sendByHand(deps);
    expect(await due(deps)).toMatchObject({ kind: 'nothing-due', next: SECOND });
    expect(await records(deps)).toEqual(['06-15T07:00 #1', '06-17T09:00 manual #2']);
  });

  it('stays the record when it is cancelled, and its posts are carried over', async () => {
    const deps = await approvedTooLate();
    await sendRefused(deps);
    await cancelLatest(deps);
    expect(await due(deps)).toMatchObject({ kind: 'nothing-due', next: SECOND });
    deps.clock.set(later(SECOND, -HOUR_MS));
    expect(await answer(deps, YES)).toMatchObject({ occurrence: SECOND, posts: ['Autumn'] });
  });
});

describe('An approved issue that was sent by hand and cancelled before its first accepted message', () => {
  async function cancelled() {
    const deps = await aService(REQUIRED);
    await answer(deps, YES);
    await sendRefused(deps);
    await cancelLatest(deps);
    return deps;
  }

  it('is not sent again with the same cut-off, and the error says why', async () => {
    const deps = await cancelled();
    await expect(sendByHand(deps)).rejects.toMatchObject({ code: 'issue.state', message: /cancelled/ });
    await deps.approval.withdraw(weeklyOf(deps), 'Group Office');
    expect(await sendByHand(deps)).toMatchObject({ kind: 'sent', issue: { number: 2 } });
  });

  it('is sent at its occurrence, as it was approved', async () => {
    const deps = await cancelled();
    deps.clock.set(FIRST);
    expect(await due(deps)).toMatchObject({ kind: 'frozen', issue: { number: 2, occurrence: FIRST } });
  });

  it('is not, when it was cancelled by withdrawing the approval', async () => {
    const deps = await aService(REQUIRED);
    await answer(deps, YES);
    await sendRefused(deps);
    expect(await deps.approval.withdraw(weeklyOf(deps), 'Group Office')).toMatchObject({ cancelled: 1 });
    deps.clock.set(FIRST);
    expect(await due(deps)).toMatchObject({ kind: 'waiting', for: 'approval' });
  });
});

describe('Whatever the order of actions and times', () => {
  const acts = {
    approve: (deps: TestContext) => answer(deps, YES),
    veto: (deps: TestContext) => answer(deps, NO),
    withdraw: (deps: TestContext) => deps.approval.withdraw(weeklyOf(deps), 'Group Office'),
    send: sendByHand,
    sendRefused,
    cancel: cancelLatest,
    publish: async (deps: TestContext) => publish(deps, deps.clock.now().toISOString(), deps.clock.now()),
    anHour: async (deps: TestContext) => deps.clock.advance(HOUR_MS),
    aDay: async (deps: TestContext) => deps.clock.advance(DAY_MS),
    toTheOccurrence: async (deps: TestContext) =>
      deps.clock.set(deps.calendar.next('0 8 * * 1', 'Europe/London', deps.clock.now())),
  };
  type Act = keyof typeof acts | 'tick';
  const act = fc.constantFrom<Act>('tick', 'tick', ...(Object.keys(acts) as (keyof typeof acts)[]));
  const approvals = fc.constantFrom<Partial<Newsletter>>({}, REQUIRED, VETO);

  it('the schedule continues, and every occurrence has one record', async () => {
    await fc.assert(
      fc.asyncProperty(approvals, fc.array(act, { minLength: 4, maxLength: 14 }), async (approval, order) => {
        const deps = await aService(approval);
        for (const each of order) {
          if (each === 'tick') await due(deps);
          // An action that is not possible is refused with an error.
          else
            await acts[each](deps).catch((error) =>
              expect(error).toMatchObject({ code: expect.stringMatching(/^issue\./) }),
            );
        }
        // An issue that waits for approval gets its record once it is too late.
        let report = await due(deps);
        for (let days = 0; report.kind !== 'nothing-due' && days < 4; days += 1) {
          deps.clock.advance(DAY_MS);
          report = await due(deps);
        }
        if (report.kind !== 'nothing-due') throw new Error(`still ${report.kind}`);
        const { next } = report;
        const passed: Date[] = [];
        for (let at = FIRST; at < next; at = deps.calendar.next('0 8 * * 1', 'Europe/London', at)) passed.push(at);
        const issues = (await deps.store.ledger.issues()).filter(({ manual }) => !manual);
        const all = [...issues, ...(await deps.store.ledger.skips('weekly'))].map(({ occurrence }) => occurrence);
        const byTime = (one: Date, other: Date) => one.getTime() - other.getTime();
        expect(all.sort(byTime)).toEqual(passed);
      }),
      { numRuns: 60 },
    );
  });
});
