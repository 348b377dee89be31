import { describe, expect, it } from 'vitest';
import type { AppContext } from '../../src/app-context.js';
import { openUseCases } from '../../src/app-context.js';
import { GazetteError } from '../../src/domain/errors.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { Post } from '../../src/domain/post.js';
import { aContext, addReaders, type TestContext } from '../support/app-context.js';
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

/** A house that has followed its schedule since Friday, with two posts for Monday. */
async function aRunningHouse(newsletter: Partial<Newsletter>): Promise<TestContext> {
  const deps = await aContext({ newsletter, now: FRIDAY, renderer: plainRenderer });
  await addReaders(deps, [{}]);
  deps.source.posts = [
    aPost({ title: 'Autumn', publishedAt: later(FRIDAY, -2 * DAY_MS) }),
    aPost({ title: 'Winter', publishedAt: later(FRIDAY, -DAY_MS) }),
  ];
  await deps.issues.collect(weeklyOf(deps));
  await due(deps);
  return deps;
}

function weeklyOf(deps: AppContext): Newsletter {
  return deps.newsletters.get('weekly') as Newsletter;
}

function due(deps: AppContext) {
  return deps.operate.publishDue(weeklyOf(deps));
}

const approve = (deps: AppContext) => deps.approval.answer(weeklyOf(deps), YES);
const approval = (deps: AppContext) => deps.approval.read(weeklyOf(deps));
const withdraw = (deps: AppContext) => deps.approval.withdraw(weeklyOf(deps), 'Second Reader');
const sendByHand = (deps: AppContext) =>
  deps.sending.sendNext({ newsletter: weeklyOf(deps), confirm: async () => true });

function edit(deps: TestContext, title: string, change: Partial<Post>): void {
  deps.source.posts = deps.source.posts.map((post) => (post.title === title ? { ...post, ...change } : post));
}

/** The same house after its settings were edited and it was started again. */
function withSettings(deps: TestContext, change: Partial<Newsletter>): TestContext {
  return openUseCases({ ...deps, newsletters: new Map([['weekly', { ...weeklyOf(deps), ...change }]]) });
}

function withLook(deps: TestContext, look: { readonly theme: string; readonly messages: string }): TestContext {
  return openUseCases({ ...deps, renderer: { ...deps.renderer, hashes: async () => look } });
}

async function titles(deps: AppContext): Promise<readonly (readonly string[])[]> {
  return (await deps.store.ledger.issues()).map(({ posts }) => posts.map(({ title }) => title).sort());
}

describe('An answer', () => {
  it('is kept with who gave it and when, also once the issue is made', async () => {
    const deps = await aRunningHouse(REQUIRED);
    expect(await approve(deps)).toMatchObject({ by: 'Group Office', at: FRIDAY, occurrence: FIRST, cutoff: FRIDAY });
    expect(await approval(deps)).toMatchObject({ state: 'approved', by: 'Group Office', at: FRIDAY });
    deps.clock.set(FIRST);
    await due(deps);
    const { approval: kept } = await deps.sending.show(weeklyOf(deps), 1);
    expect(kept).toEqual({ verdict: 'approved', by: 'Group Office', at: FRIDAY });
  });

  it('given twice stays the first one: its window does not grow', async () => {
    const deps = await aRunningHouse(REQUIRED);
    await approve(deps);
    deps.clock.advance(DAY_MS);
    deps.source.posts.push(aPost({ title: 'Later', publishedAt: deps.clock.now() }));
    const again = await deps.approval.answer(weeklyOf(deps), { verdict: 'approved', by: 'Second Reader' });
    expect(again).toMatchObject({ by: 'Group Office', at: FRIDAY, posts: ['Autumn', 'Winter'] });
  });

  it('to something else than what is there by now is refused', async () => {
    const deps = await aRunningHouse(REQUIRED);
    const { shown } = await approval(deps);
    edit(deps, 'Winter', { title: 'Deep winter' });
    await expect(deps.approval.answer(weeklyOf(deps), { ...YES, shown })).rejects.toMatchObject({
      code: 'issue.state',
    });
    expect(await approval(deps)).toMatchObject({ state: 'open', posts: ['Autumn', 'Deep winter'] });
    const { shown: seen } = await approval(deps);
    expect(await deps.approval.answer(weeklyOf(deps), { ...YES, shown: seen })).toMatchObject({ verdict: 'approved' });
  });

  it('to an occurrence that has passed is refused', async () => {
    const deps = await aRunningHouse(REQUIRED);
    const answer = { ...YES, occurrence: later(FIRST, -7 * DAY_MS) };
    await expect(deps.approval.answer(weeklyOf(deps), answer)).rejects.toMatchObject({ code: 'issue.state' });
  });

  it('to a newsletter that asks nobody is refused', async () => {
    const deps = await aRunningHouse({});
    await expect(approve(deps)).rejects.toMatchObject({ code: 'issue.state' });
  });

  it('is about the next occurrence where the last one passed before the schedule was followed', async () => {
    const deps = await aContext({ newsletter: REQUIRED, now: later(FIRST, HOUR_MS), posts: [aPost()] });
    await due(deps);
    expect(await approval(deps)).toMatchObject({ occurrence: SECOND, state: 'open' });
  });

  it('that comes while the issue is being frozen is not passed by', async () => {
    const deps = await aRunningHouse(VETO);
    deps.clock.set(later(FIRST, -2 * HOUR_MS));
    await due(deps);
    deps.clock.set(FIRST);
    const { freeze } = deps.store.ledger;
    let isFirst = true;
    deps.store.ledger.freeze = async (plan) => {
      if (isFirst) {
        isFirst = false;
        await deps.approval.answer(weeklyOf(deps), NO);
      }
      return freeze(plan);
    };
    expect(await due(deps)).toEqual({ kind: 'vetoed', occurrence: FIRST });
    expect(await deps.store.ledger.issues()).toEqual([]);
  });
});

describe('A yes that is edited away says what was changed', () => {
  const approved = async () => {
    const deps = await aRunningHouse(REQUIRED);
    await approve(deps);
    return deps;
  };
  const changedOf = async (deps: AppContext) => {
    await deps.issues.collect(weeklyOf(deps));
    const { state, changed } = await approval(deps);
    return { state, changed: changed.map(({ part, text }) => `${part}: ${text}`) };
  };

  it('a post', async () => {
    const deps = await approved();
    edit(deps, 'Winter', { bodyHash: 'other' });
    expect(await changedOf(deps)).toEqual({ state: 'void', changed: ['posts: the post “Winter” was edited'] });
  });

  it('a post that is withdrawn', async () => {
    const deps = await approved();
    deps.source.posts = deps.source.posts.filter(({ title }) => title !== 'Winter');
    expect(await changedOf(deps)).toEqual({ state: 'void', changed: ['posts: the post “Winter” was removed'] });
  });

  it('the order', async () => {
    const deps = await approved();
    edit(deps, 'Winter', { publishedAt: later(FRIDAY, -3 * DAY_MS) });
    const { changed } = await changedOf(deps);
    expect(changed).toContain('order: the order of the posts was changed');
  });

  it.each([
    ['words', { title: 'Another title' }],
    ['words', { subject: 'Another subject' }],
    ['words', { postalAddress: 'Another street' }],
    ['sender', { sender: { name: 'Somebody', address: 'digest@fourth-floor.example.org' } }],
    ['sender', { replyTo: 'answers@fourth-floor.example.org' }],
    ['theme', { theme: 'magazine' }],
  ] as const)('the %s, by its settings %j', async (part, change) => {
    const deps = withSettings(await approved(), change);
    const { state, changed } = await approval(deps);
    expect({ state, parts: changed.map((each) => each.part) }).toEqual({ state: 'void', parts: [part] });
  });

  it.each([
    ['theme', { theme: 'edited' }],
    ['words', { messages: 'edited' }],
  ] as const)('the files of the %s', async (part, change) => {
    const deps = await approved();
    const look = { ...(await deps.renderer.hashes('plain')), ...change };
    const { changed } = await approval(withLook(deps, look));
    expect(changed.map((each) => each.part)).toEqual([part]);
  });

  it('and takes it from the issue that is due, which may be approved anew', async () => {
    const deps = await approved();
    edit(deps, 'Winter', { title: 'Deep winter' });
    deps.clock.set(FIRST);
    const reason = 'it was changed after it was approved: the post “Deep winter” was edited';
    expect(await due(deps)).toMatchObject({ kind: 'waiting', for: 'approval', reason });
    await approve(deps);
    expect(await due(deps)).toMatchObject({ kind: 'frozen' });
    expect(await titles(deps)).toEqual([['Autumn', 'Deep winter']]);
  });
});

describe('A yes still stands', () => {
  it('after settings that no reader sees were changed', async () => {
    const deps = await aRunningHouse(REQUIRED);
    await approve(deps);
    const change = { maxLatenessMs: 2 * DAY_MS, maxPosts: 30, onUnknownOutcome: 'hold' } as const;
    expect(await approval(withSettings(deps, change))).toMatchObject({ state: 'approved' });
  });

  it('after sign-ups: a new edition comes from what was approved', async () => {
    const deps = await aRunningHouse(REQUIRED);
    edit(deps, 'Winter', { categories: ['chemistry'] });
    await approve(deps);
    await addReaders(deps, [{ address: 'new@example.org', preferences: ['chemistry'], language: 'de' }]);
    deps.source.posts.push(aPost({ title: 'Later', categories: ['chemistry'], publishedAt: later(FRIDAY, HOUR_MS) }));
    deps.clock.set(FIRST);
    expect(await due(deps)).toMatchObject({ kind: 'frozen' });
    const [issue] = await deps.store.ledger.issues();
    const editions = await deps.store.ledger.editions(issue?.id ?? 0);
    expect(editions.map(({ language, posts }) => [language, posts.map(({ title }) => title)])).toEqual([
      ['en', ['Winter', 'Autumn']],
      ['de', ['Winter']],
    ]);
  });

  it('when a source fails at the occurrence: what was approved is known', async () => {
    const deps = await aRunningHouse({ ...REQUIRED, onSourceFailure: { kind: 'stop' } });
    await approve(deps);
    deps.source.failure = new GazetteError('source.failed', 'The blog is down.');
    deps.clock.set(FIRST);
    expect(await due(deps)).toMatchObject({ kind: 'frozen' });
  });

  it('for an issue by hand, which takes what was approved; the occurrence then has what came later', async () => {
    const deps = await aRunningHouse(REQUIRED);
    await approve(deps);
    deps.clock.advance(DAY_MS);
    deps.source.posts.push(aPost({ title: 'Later', publishedAt: later(FRIDAY, HOUR_MS) }));
    await sendByHand(deps);
    expect(await titles(deps)).toEqual([['Autumn', 'Winter']]);
    const { issue, approval: kept } = await deps.sending.show(weeklyOf(deps), 1);
    expect({ at: issue.occurrence, by: kept?.by }).toEqual({ at: FRIDAY, by: 'Group Office' });
    expect(await approval(deps)).toMatchObject({ occurrence: FIRST, state: 'open', posts: ['Later'] });
    deps.clock.set(FIRST);
    expect(await due(deps)).toMatchObject({ kind: 'waiting', for: 'approval' });
    await approve(deps);
    await due(deps);
    expect(await titles(deps)).toEqual([['Autumn', 'Winter'], ['Later']]);
  });
});

describe('An answer that is taken back', () => {
  it('opens the issue again, and both words stay on record', async () => {
    const deps = await aRunningHouse(REQUIRED);
    await approve(deps);
    expect(await withdraw(deps)).toEqual({ newsletter: 'weekly', occurrence: FIRST, verdict: 'approved' });
    const status = await approval(deps);
    expect(status).toMatchObject({ state: 'open', earlier: [{ verdict: 'approved', by: 'Group Office' }] });
    deps.clock.set(FIRST);
    expect(await due(deps)).toMatchObject({ kind: 'waiting', reason: 'it has not been approved yet' });
  });

  it('after the freeze cancels the issue, as long as no message has left; its posts come again', async () => {
    const deps = await aRunningHouse(REQUIRED);
    await approve(deps);
    deps.clock.set(FIRST);
    await due(deps);
    expect(await withdraw(deps)).toMatchObject({ occurrence: FIRST, cancelled: 1 });
    expect(await deps.store.ledger.issues()).toMatchObject([{ number: 1, state: 'cancelled' }]);
    deps.clock.set(later(SECOND, -HOUR_MS));
    expect(await approve(deps)).toMatchObject({ occurrence: SECOND, posts: ['Autumn', 'Winter'] });
  });

  it('once a message is on the wire is refused', async () => {
    const deps = await aRunningHouse(REQUIRED);
    await addReaders(deps, [{ address: 'second@example.org' }]);
    await approve(deps);
    deps.wire.answer = async (_, nth) => {
      if (nth === 1) await expect(withdraw(deps)).rejects.toMatchObject({ code: 'issue.state' });
      return { kind: 'accepted', reply: { code: 250, text: '250 Ok' } };
    };
    await sendByHand(deps);
    await expect(withdraw(deps)).rejects.toMatchObject({ code: 'issue.state' });
    expect(deps.wire.messages).toHaveLength(2);
  });

  it('that was a no lets the issue leave after all, with a new notice', async () => {
    const deps = await aRunningHouse(VETO);
    deps.clock.set(later(FIRST, -2 * HOUR_MS));
    await deps.approval.answer(weeklyOf(deps), NO);
    await withdraw(deps);
    expect(await due(deps)).toMatchObject({ kind: 'nothing-due', ahead: { kind: 'announced', until: FIRST } });
  });
});

describe('An issue that may be vetoed', () => {
  it('closes two hours ahead with a notice, and leaves at its occurrence although the notice took a while', async () => {
    const deps = await aRunningHouse(VETO);
    deps.clock.set(later(FIRST, -2 * HOUR_MS - 1));
    expect(await due(deps)).toEqual({ kind: 'nothing-due', next: FIRST });
    deps.clock.set(later(FIRST, -2 * HOUR_MS + 45_000));
    expect(await due(deps)).toMatchObject({ ahead: { kind: 'announced', until: FIRST, posts: ['Autumn', 'Winter'] } });
    deps.clock.set(FIRST);
    expect(await due(deps)).toMatchObject({ kind: 'frozen', issue: { occurrence: FIRST } });
  });

  it('is announced anew when it is edited, and may be vetoed as long again', async () => {
    const deps = await aRunningHouse(VETO);
    deps.clock.set(later(FIRST, -2 * HOUR_MS));
    await due(deps);
    deps.clock.set(later(FIRST, -HOUR_MS));
    edit(deps, 'Winter', { title: 'Deep winter' });
    deps.source.posts.push(aPost({ title: 'Later', publishedAt: deps.clock.now() }));
    await deps.issues.collect(weeklyOf(deps));
    const until = later(FIRST, HOUR_MS);
    expect(await due(deps)).toMatchObject({ ahead: { kind: 'announced', until, posts: ['Autumn', 'Deep winter'] } });
    deps.clock.set(FIRST);
    expect(await due(deps)).toMatchObject({ kind: 'waiting', for: 'approval' });
    deps.clock.set(until);
    expect(await due(deps)).toMatchObject({ kind: 'frozen' });
    expect(await titles(deps)).toEqual([['Autumn', 'Deep winter']]);
  });

  it('leaves at once on time when somebody says yes after a late notice', async () => {
    const deps = await aRunningHouse(VETO);
    deps.clock.set(FIRST);
    expect(await due(deps)).toMatchObject({ kind: 'waiting', for: 'approval' });
    await approve(deps);
    expect(await due(deps)).toMatchObject({ kind: 'frozen' });
  });
});

describe('A notice', () => {
  it('is no yes where the newsletter has come to need one', async () => {
    const deps = await aRunningHouse(VETO);
    deps.clock.set(later(FIRST, -2 * HOUR_MS));
    await due(deps);
    deps.clock.set(FIRST);
    const strict = withSettings(deps, REQUIRED);
    expect(await due(strict)).toMatchObject({ kind: 'waiting', reason: 'it has not been approved yet' });
  });
});

describe('An approved issue that could not leave in time', () => {
  it('is late, not unapproved', async () => {
    const deps = await aRunningHouse(REQUIRED);
    await approve(deps);
    deps.clock.set(later(FIRST, DAY_MS + 1));
    expect(await due(deps)).toEqual({ kind: 'late', occurrence: FIRST });
  });
});
