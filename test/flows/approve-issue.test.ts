import { describe, expect, it } from 'vitest';
import { GazetteError } from '../../src/domain/errors.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { Post } from '../../src/domain/post.js';
import { answerNext, readApproval, withdrawAnswer } from '../../src/flows/approve-issue.js';
import { collectPosts } from '../../src/flows/collect-posts.js';
import type { House } from '../../src/flows/house.js';
import { showIssue } from '../../src/flows/issues.js';
import { publishDue } from '../../src/flows/publish-due.js';
import { sendIssue } from '../../src/flows/send-issue.js';
import { aPost, DAY_MS } from '../support/builders.js';
import { addReaders, aHouse, type TestHouse } from '../support/house.js';
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
async function aRunningHouse(newsletter: Partial<Newsletter>): Promise<TestHouse> {
  const house = await aHouse({ newsletter, now: FRIDAY, renderer: plainRenderer });
  await addReaders(house, [{}]);
  house.source.posts = [
    aPost({ title: 'Autumn', publishedAt: later(FRIDAY, -2 * DAY_MS) }),
    aPost({ title: 'Winter', publishedAt: later(FRIDAY, -DAY_MS) }),
  ];
  await collectPosts(house, house.store, weeklyOf(house));
  await due(house);
  return house;
}

function weeklyOf(house: House): Newsletter {
  return house.newsletters.get('weekly') as Newsletter;
}

function due(house: House) {
  return publishDue(house, weeklyOf(house));
}

const approve = (house: House) => answerNext(house, weeklyOf(house), YES);
const approval = (house: House) => readApproval(house, weeklyOf(house));
const withdraw = (house: House) => withdrawAnswer(house, weeklyOf(house), 'Second Reader');
const sendByHand = (house: House) => sendIssue(house, { newsletter: weeklyOf(house), confirm: async () => true });

function edit(house: TestHouse, title: string, change: Partial<Post>): void {
  house.source.posts = house.source.posts.map((post) => (post.title === title ? { ...post, ...change } : post));
}

/** The same house after its settings were edited and it was started again. */
function withSettings(house: TestHouse, change: Partial<Newsletter>): TestHouse {
  return { ...house, newsletters: new Map([['weekly', { ...weeklyOf(house), ...change }]]) };
}

function withLook(house: TestHouse, look: { readonly theme: string; readonly words: string }): TestHouse {
  return { ...house, renderer: { ...house.renderer, hashes: async () => look } };
}

async function titles(house: House): Promise<readonly (readonly string[])[]> {
  return (await house.store.ledger.issues()).map(({ posts }) => posts.map(({ title }) => title).sort());
}

describe('An answer', () => {
  it('is kept with who gave it and when, also once the issue is made', async () => {
    const house = await aRunningHouse(REQUIRED);
    expect(await approve(house)).toMatchObject({ by: 'Group Office', at: FRIDAY, occurrence: FIRST, cutoff: FRIDAY });
    expect(await approval(house)).toMatchObject({ state: 'approved', by: 'Group Office', at: FRIDAY });
    house.clock.set(FIRST);
    await due(house);
    const { approval: kept } = await showIssue(house, weeklyOf(house), 1);
    expect(kept).toEqual({ verdict: 'approved', by: 'Group Office', at: FRIDAY });
  });

  it('given twice stays the first one: its window does not grow', async () => {
    const house = await aRunningHouse(REQUIRED);
    await approve(house);
    house.clock.advance(DAY_MS);
    house.source.posts.push(aPost({ title: 'Later', publishedAt: house.clock.now() }));
    const again = await answerNext(house, weeklyOf(house), { verdict: 'approved', by: 'Second Reader' });
    expect(again).toMatchObject({ by: 'Group Office', at: FRIDAY, posts: ['Autumn', 'Winter'] });
  });

  it('to something else than what is there by now is refused', async () => {
    const house = await aRunningHouse(REQUIRED);
    const { shown } = await approval(house);
    edit(house, 'Winter', { title: 'Deep winter' });
    await expect(answerNext(house, weeklyOf(house), { ...YES, shown })).rejects.toMatchObject({ code: 'issue.state' });
    expect(await approval(house)).toMatchObject({ state: 'open', posts: ['Autumn', 'Deep winter'] });
    const { shown: seen } = await approval(house);
    expect(await answerNext(house, weeklyOf(house), { ...YES, shown: seen })).toMatchObject({ verdict: 'approved' });
  });

  it('to an occurrence that has passed is refused', async () => {
    const house = await aRunningHouse(REQUIRED);
    const answer = { ...YES, occurrence: later(FIRST, -7 * DAY_MS) };
    await expect(answerNext(house, weeklyOf(house), answer)).rejects.toMatchObject({ code: 'issue.state' });
  });

  it('to a newsletter that asks nobody is refused', async () => {
    const house = await aRunningHouse({});
    await expect(approve(house)).rejects.toMatchObject({ code: 'issue.state' });
  });

  it('is about the next occurrence where the last one passed before the schedule was followed', async () => {
    const house = await aHouse({ newsletter: REQUIRED, now: later(FIRST, HOUR_MS), posts: [aPost()] });
    await due(house);
    expect(await approval(house)).toMatchObject({ occurrence: SECOND, state: 'open' });
  });

  it('that comes while the issue is being frozen is not passed by', async () => {
    const house = await aRunningHouse(VETO);
    house.clock.set(later(FIRST, -2 * HOUR_MS));
    await due(house);
    house.clock.set(FIRST);
    const { freeze } = house.store.ledger;
    let isFirst = true;
    house.store.ledger.freeze = async (plan) => {
      if (isFirst) {
        isFirst = false;
        await answerNext(house, weeklyOf(house), NO);
      }
      return freeze(plan);
    };
    expect(await due(house)).toEqual({ kind: 'vetoed', occurrence: FIRST });
    expect(await house.store.ledger.issues()).toEqual([]);
  });
});

describe('A yes that is edited away says what was changed', () => {
  const approved = async () => {
    const house = await aRunningHouse(REQUIRED);
    await approve(house);
    return house;
  };
  const changedOf = async (house: House) => {
    await collectPosts(house, house.store, weeklyOf(house));
    const { state, changed } = await approval(house);
    return { state, changed: changed.map(({ part, text }) => `${part}: ${text}`) };
  };

  it('a post', async () => {
    const house = await approved();
    edit(house, 'Winter', { bodyHash: 'other' });
    expect(await changedOf(house)).toEqual({ state: 'void', changed: ['posts: the post “Winter” was edited'] });
  });

  it('a post that is withdrawn', async () => {
    const house = await approved();
    house.source.posts = house.source.posts.filter(({ title }) => title !== 'Winter');
    expect(await changedOf(house)).toEqual({ state: 'void', changed: ['posts: the post “Winter” is no longer in it'] });
  });

  it('the order', async () => {
    const house = await approved();
    edit(house, 'Winter', { publishedAt: later(FRIDAY, -3 * DAY_MS) });
    const { changed } = await changedOf(house);
    expect(changed).toContain('order: the posts stand in another order');
  });

  it.each([
    ['words', { title: 'Another title' }],
    ['words', { subject: 'Another subject' }],
    ['words', { postalAddress: 'Another street' }],
    ['sender', { sender: { name: 'Somebody', address: 'digest@fourth-floor.example.org' } }],
    ['sender', { replyTo: 'answers@fourth-floor.example.org' }],
    ['theme', { theme: 'magazine' }],
  ] as const)('the %s, by its settings %j', async (part, change) => {
    const house = withSettings(await approved(), change);
    const { state, changed } = await approval(house);
    expect({ state, parts: changed.map((each) => each.part) }).toEqual({ state: 'void', parts: [part] });
  });

  it.each([
    ['theme', { theme: 'edited' }],
    ['words', { words: 'edited' }],
  ] as const)('the files of the %s', async (part, change) => {
    const house = await approved();
    const look = { ...(await house.renderer.hashes('plain')), ...change };
    const { changed } = await approval(withLook(house, look));
    expect(changed.map((each) => each.part)).toEqual([part]);
  });

  it('and takes it from the issue that is due, which may be approved anew', async () => {
    const house = await approved();
    edit(house, 'Winter', { title: 'Deep winter' });
    house.clock.set(FIRST);
    const reason = 'it was changed after it was approved: the post “Deep winter” was edited';
    expect(await due(house)).toMatchObject({ kind: 'waiting', for: 'approval', reason });
    await approve(house);
    expect(await due(house)).toMatchObject({ kind: 'frozen' });
    expect(await titles(house)).toEqual([['Autumn', 'Deep winter']]);
  });
});

describe('A yes still stands', () => {
  it('after settings that no reader sees were changed', async () => {
    const house = await aRunningHouse(REQUIRED);
    await approve(house);
    const change = { maxLatenessMs: 2 * DAY_MS, maxPosts: 30, inDoubt: 'hold' } as const;
    expect(await approval(withSettings(house, change))).toMatchObject({ state: 'approved' });
  });

  it('after sign-ups: a new edition comes from what was approved', async () => {
    const house = await aRunningHouse(REQUIRED);
    edit(house, 'Winter', { categories: ['chemistry'] });
    await approve(house);
    await addReaders(house, [{ address: 'new@example.org', wishes: ['chemistry'], language: 'de' }]);
    house.source.posts.push(aPost({ title: 'Later', categories: ['chemistry'], publishedAt: later(FRIDAY, HOUR_MS) }));
    house.clock.set(FIRST);
    expect(await due(house)).toMatchObject({ kind: 'frozen' });
    const [issue] = await house.store.ledger.issues();
    const editions = await house.store.ledger.editions(issue?.id ?? 0);
    expect(editions.map(({ language, posts }) => [language, posts.map(({ title }) => title)])).toEqual([
      ['en', ['Winter', 'Autumn']],
      ['de', ['Winter']],
    ]);
  });

  it('when a source fails at the occurrence: what was approved is known', async () => {
    const house = await aRunningHouse({ ...REQUIRED, onSourceFailure: { kind: 'stop' } });
    await approve(house);
    house.source.failure = new GazetteError('source.failed', 'The blog is down.');
    house.clock.set(FIRST);
    expect(await due(house)).toMatchObject({ kind: 'frozen' });
  });

  it('for an issue by hand, which takes what was approved; the occurrence then has what came later', async () => {
    const house = await aRunningHouse(REQUIRED);
    await approve(house);
    house.clock.advance(DAY_MS);
    house.source.posts.push(aPost({ title: 'Later', publishedAt: later(FRIDAY, HOUR_MS) }));
    await sendByHand(house);
    expect(await titles(house)).toEqual([['Autumn', 'Winter']]);
    const { issue, approval: kept } = await showIssue(house, weeklyOf(house), 1);
    expect({ at: issue.occurrence, by: kept?.by }).toEqual({ at: FRIDAY, by: 'Group Office' });
    expect(await approval(house)).toMatchObject({ occurrence: FIRST, state: 'open', posts: ['Later'] });
    house.clock.set(FIRST);
    expect(await due(house)).toMatchObject({ kind: 'waiting', for: 'approval' });
    await approve(house);
    await due(house);
    expect(await titles(house)).toEqual([['Autumn', 'Winter'], ['Later']]);
  });
});

describe('An answer that is taken back', () => {
  it('opens the issue again, and both words stay on record', async () => {
    const house = await aRunningHouse(REQUIRED);
    await approve(house);
    expect(await withdraw(house)).toEqual({ newsletter: 'weekly', occurrence: FIRST, verdict: 'approved' });
    const status = await approval(house);
    expect(status).toMatchObject({ state: 'open', earlier: [{ verdict: 'approved', by: 'Group Office' }] });
    house.clock.set(FIRST);
    expect(await due(house)).toMatchObject({ kind: 'waiting', reason: 'nobody has approved it yet' });
  });

  it('after the freeze cancels the issue, as long as no message has left; its posts come again', async () => {
    const house = await aRunningHouse(REQUIRED);
    await approve(house);
    house.clock.set(FIRST);
    await due(house);
    expect(await withdraw(house)).toMatchObject({ occurrence: FIRST, cancelled: 1 });
    expect(await house.store.ledger.issues()).toMatchObject([{ number: 1, state: 'cancelled' }]);
    house.clock.set(later(SECOND, -HOUR_MS));
    expect(await approve(house)).toMatchObject({ occurrence: SECOND, posts: ['Autumn', 'Winter'] });
  });

  it('once a message is on the wire is refused', async () => {
    const house = await aRunningHouse(REQUIRED);
    await addReaders(house, [{ address: 'second@example.org' }]);
    await approve(house);
    house.wire.answer = async (_, nth) => {
      if (nth === 1) await expect(withdraw(house)).rejects.toMatchObject({ code: 'issue.state' });
      return { kind: 'accepted', reply: { code: 250, text: '250 Ok' } };
    };
    await sendByHand(house);
    await expect(withdraw(house)).rejects.toMatchObject({ code: 'issue.state' });
    expect(house.wire.messages).toHaveLength(2);
  });

  it('that was a no lets the issue leave after all, with a new notice', async () => {
    const house = await aRunningHouse(VETO);
    house.clock.set(later(FIRST, -2 * HOUR_MS));
    await answerNext(house, weeklyOf(house), NO);
    await withdraw(house);
    expect(await due(house)).toMatchObject({ kind: 'nothing-due', ahead: { kind: 'announced', until: FIRST } });
  });
});

describe('An issue that may be vetoed', () => {
  it('closes two hours ahead with a notice, and leaves at its occurrence although the notice took a while', async () => {
    const house = await aRunningHouse(VETO);
    house.clock.set(later(FIRST, -2 * HOUR_MS - 1));
    expect(await due(house)).toEqual({ kind: 'nothing-due', next: FIRST });
    house.clock.set(later(FIRST, -2 * HOUR_MS + 45_000));
    expect(await due(house)).toMatchObject({ ahead: { kind: 'announced', until: FIRST, posts: ['Autumn', 'Winter'] } });
    house.clock.set(FIRST);
    expect(await due(house)).toMatchObject({ kind: 'frozen', issue: { occurrence: FIRST } });
  });

  it('is announced anew when it is edited, and may be vetoed as long again', async () => {
    const house = await aRunningHouse(VETO);
    house.clock.set(later(FIRST, -2 * HOUR_MS));
    await due(house);
    house.clock.set(later(FIRST, -HOUR_MS));
    edit(house, 'Winter', { title: 'Deep winter' });
    house.source.posts.push(aPost({ title: 'Later', publishedAt: house.clock.now() }));
    await collectPosts(house, house.store, weeklyOf(house));
    const until = later(FIRST, HOUR_MS);
    expect(await due(house)).toMatchObject({ ahead: { kind: 'announced', until, posts: ['Autumn', 'Deep winter'] } });
    house.clock.set(FIRST);
    expect(await due(house)).toMatchObject({ kind: 'waiting', for: 'approval' });
    house.clock.set(until);
    expect(await due(house)).toMatchObject({ kind: 'frozen' });
    expect(await titles(house)).toEqual([['Autumn', 'Deep winter']]);
  });

  it('leaves at once on time when somebody says yes after a late notice', async () => {
    const house = await aRunningHouse(VETO);
    house.clock.set(FIRST);
    expect(await due(house)).toMatchObject({ kind: 'waiting', for: 'approval' });
    await approve(house);
    expect(await due(house)).toMatchObject({ kind: 'frozen' });
  });
});

describe('A notice', () => {
  it('is no yes where the newsletter has come to need one', async () => {
    const house = await aRunningHouse(VETO);
    house.clock.set(later(FIRST, -2 * HOUR_MS));
    await due(house);
    house.clock.set(FIRST);
    const strict = withSettings(house, REQUIRED);
    expect(await due(strict)).toMatchObject({ kind: 'waiting', reason: 'nobody has approved it yet' });
  });
});

describe('An approved issue that could not leave in time', () => {
  it('is late, not unapproved', async () => {
    const house = await aRunningHouse(REQUIRED);
    await approve(house);
    house.clock.set(later(FIRST, DAY_MS + 1));
    expect(await due(house)).toEqual({ kind: 'late', occurrence: FIRST });
  });
});
