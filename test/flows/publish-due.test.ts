import { describe, expect, it } from 'vitest';
import { GazetteError } from '../../src/domain/errors.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import { answerNext } from '../../src/flows/approve-issue.js';
import { collectPosts } from '../../src/flows/collect-posts.js';
import { publishDue } from '../../src/flows/publish-due.js';
import { sendIssue } from '../../src/flows/send-issue.js';
import { aPost, DAY_MS } from '../support/builders.js';
import { addReaders, aHouse, type TestHouse } from '../support/house.js';
import { plainRenderer } from '../support/plain-renderer.js';

/** Mondays, 08:00 in London. */
const FIRST = new Date('2026-06-15T07:00:00Z');
const SECOND = new Date('2026-06-22T07:00:00Z');
const THIRD = new Date('2026-06-29T07:00:00Z');
const HOUR_MS = 3_600_000;
const YES = { verdict: 'approved', by: 'Group Office' } as const;
const NO = { verdict: 'vetoed', by: 'Group Office' } as const;

function later(moment: Date, ms: number): Date {
  return new Date(moment.getTime() + ms);
}

/** A house that has been running since the Friday before the first Monday. */
async function aRunningHouse(newsletter: Partial<Newsletter> = {}): Promise<TestHouse> {
  const house = await aHouse({ newsletter, now: new Date('2026-06-12T12:00:00Z'), renderer: plainRenderer });
  await addReaders(house, [{}]);
  house.source.posts = [aPost({ title: 'Before', publishedAt: new Date('2026-06-10T10:00:00Z') })];
  await collectPosts(house, house.store, theNewsletter(house));
  await due(house);
  return house;
}

function due(house: TestHouse) {
  return publishDue(house, theNewsletter(house));
}

function theNewsletter(house: TestHouse): Newsletter {
  return house.newsletters.get('weekly') as Newsletter;
}

function publish(house: TestHouse, title: string, at: Date): void {
  house.source.posts.push(aPost({ title, publishedAt: at }));
}

/** Of each issue, oldest post first. */
async function titles(house: TestHouse): Promise<readonly (readonly string[])[]> {
  return (await house.store.ledger.issues()).map(({ posts }) => posts.map(({ title }) => title).reverse());
}

async function records(house: TestHouse): Promise<readonly string[]> {
  const issues = (await house.store.ledger.issues()).map(
    ({ occurrence, number, manual }) => [occurrence, manual ? `manual #${number}` : `#${number}`] as const,
  );
  const skips = (await house.store.ledger.skips('weekly')).map(
    ({ occurrence, outcome }) => [occurrence, outcome] as const,
  );
  return [...issues, ...skips]
    .sort(([one], [other]) => one.getTime() - other.getTime())
    .map(([at, what]) => `${at.toISOString().slice(5, 10)} ${what}`);
}

describe('An occurrence of the schedule', () => {
  it('makes one issue, and nothing when it is asked again', async () => {
    const house = await aRunningHouse();
    house.clock.set(FIRST);
    expect(await due(house)).toMatchObject({ kind: 'frozen', issue: { number: 1, occurrence: FIRST, manual: false } });
    expect(await due(house)).toEqual({ kind: 'nothing-due', next: SECOND });
    expect(await titles(house)).toEqual([['Before']]);
  });

  it('does not happen a millisecond early', async () => {
    const house = await aRunningHouse();
    house.clock.set(later(FIRST, -1));
    expect(await due(house)).toEqual({ kind: 'nothing-due', next: FIRST });
  });

  it('keeps its cut-off when it is made late, and leaves what came after it to the next', async () => {
    const house = await aRunningHouse();
    house.clock.set(later(FIRST, 2 * HOUR_MS));
    publish(house, 'Just before', later(FIRST, -1000));
    publish(house, 'Just after', later(FIRST, 1000));
    await due(house);
    house.clock.set(SECOND);
    await due(house);
    expect(await titles(house)).toEqual([['Before', 'Just before'], ['Just after']]);
  });

  it('without anything new has its record too', async () => {
    const house = await aRunningHouse();
    house.clock.set(FIRST);
    await due(house);
    house.clock.set(SECOND);
    expect(await due(house)).toEqual({ kind: 'nothing-new', occurrence: SECOND });
    expect(await records(house)).toEqual(['06-15 #1', '06-22 nothing-new']);
  });

  it('with too few posts holds them over, however long', async () => {
    const house = await aRunningHouse({ minPosts: 2, maxAgeMs: DAY_MS });
    house.clock.set(FIRST);
    expect(await due(house)).toEqual({ kind: 'too-few', occurrence: FIRST });
    publish(house, 'Second', later(SECOND, -HOUR_MS));
    house.clock.set(SECOND);
    await due(house);
    expect(await titles(house)).toEqual([['Before', 'Second']]);
    expect(await records(house)).toEqual(['06-15 nothing-new', '06-22 #1']);
  });

  it('that passed before anybody looked at the newsletter is not made up for', async () => {
    const house = await aHouse({ now: later(FIRST, HOUR_MS), posts: [aPost()] });
    expect(await due(house)).toEqual({ kind: 'nothing-due', next: SECOND });
  });

  it('of a schedule that has just been written is not made up for either', async () => {
    const house = await aRunningHouse();
    house.clock.set(FIRST);
    await due(house);
    house.clock.advance(3 * DAY_MS);
    const daily = { ...theNewsletter(house), schedule: '0 8 * * *' };
    expect(await publishDue(house, daily)).toEqual({ kind: 'nothing-due', next: new Date('2026-06-19T07:00:00Z') });
  });
});

describe('A schedule that is gone back to', () => {
  it('is followed anew: what it says of the time of the other one is not made up for', async () => {
    const house = await aRunningHouse();
    house.clock.set(FIRST);
    await due(house);
    const daily = { ...theNewsletter(house), schedule: '0 8 * * *' };
    house.clock.advance(HOUR_MS);
    await publishDue(house, daily);
    house.clock.set(later(SECOND, HOUR_MS));
    expect(await publishDue(house, { ...daily, schedule: '0 8 1 * *' })).toMatchObject({ kind: 'nothing-due' });
    publish(house, 'Second', later(SECOND, -DAY_MS));
    house.clock.set(later(SECOND, 2 * HOUR_MS));
    expect(await due(house)).toEqual({ kind: 'nothing-due', next: THIRD });
    house.clock.set(THIRD);
    await due(house);
    expect(await titles(house)).toEqual([['Before'], ['Second']]);
  });

  it('in another time zone is another schedule', async () => {
    const house = await aRunningHouse();
    house.clock.set(FIRST);
    await due(house);
    house.clock.set(later(SECOND, -HOUR_MS));
    await due(house);
    house.clock.set(later(SECOND, HOUR_MS));
    const eastern = { ...theNewsletter(house), timezone: 'Europe/Helsinki' };
    expect(await publishDue(house, eastern)).toMatchObject({ kind: 'nothing-due' });
  });
});

describe('Missed occurrences', () => {
  it('make one issue, with the occurrence and the cut-off of the latest', async () => {
    const house = await aRunningHouse();
    publish(house, 'Of the second week', later(SECOND, -HOUR_MS));
    publish(house, 'Of the third week', later(THIRD, -HOUR_MS));
    house.clock.set(later(THIRD, HOUR_MS));
    await due(house);
    expect(await titles(house)).toEqual([['Before', 'Of the second week', 'Of the third week']]);
    const into = `merged-into(${THIRD.toISOString()})`;
    expect(await records(house)).toEqual([`06-15 ${into}`, `06-22 ${into}`, '06-29 #1']);
  });

  it('that are all too late are skipped, and no post is lost', async () => {
    const house = await aRunningHouse({ maxLatenessMs: HOUR_MS });
    house.clock.set(later(SECOND, 2 * HOUR_MS));
    expect(await due(house)).toEqual({ kind: 'late', occurrence: SECOND });
    publish(house, 'Later', later(THIRD, -HOUR_MS));
    house.clock.set(THIRD);
    await due(house);
    expect(await titles(house)).toEqual([['Before', 'Later']]);
    expect(await records(house)).toEqual(['06-15 skipped(late)', '06-22 skipped(late)', '06-29 #1']);
  });

  it('that are too late when an issue is made by hand are in it', async () => {
    const house = await aRunningHouse();
    house.clock.set(later(FIRST, DAY_MS + HOUR_MS));
    await sendIssue(house, { newsletter: theNewsletter(house), confirm: async () => true });
    await due(house);
    const manual = later(FIRST, DAY_MS + HOUR_MS).toISOString();
    expect(await records(house)).toEqual([`06-15 merged-into(${manual})`, '06-16 manual #1']);
    house.clock.set(SECOND);
    expect(await due(house)).toEqual({ kind: 'nothing-new', occurrence: SECOND });
  });
});

describe('A post that cannot be shown at its own cut-off', () => {
  const BROKEN = 'posts/valve.md:2:1';
  const post = aPost({ title: 'Valve', publishedAt: new Date('2026-06-12T10:00:00Z') });
  const states: { readonly [state: string]: (house: TestHouse) => void } = {
    'is broken': (house) => {
      house.source.broken = [{ source: 'blog', keys: post.keys, where: BROKEN, message: 'no date' }];
    },
    'is a draft again': (house) => house.source.posts.push({ ...post, draft: true }),
    'has a date to come': (house) => house.source.posts.push({ ...post, publishedAt: later(THIRD, DAY_MS) }),
    'has expired': (house) => house.source.posts.push({ ...post, expiresAt: later(FIRST, -HOUR_MS) }),
    'is gone': () => undefined,
  };

  it.each(Object.entries(states))('because it %s is in the next issue once it can be', async (_, spoil) => {
    const house = await aRunningHouse();
    house.source.posts.push(post);
    await collectPosts(house, house.store, theNewsletter(house));
    house.source.posts.pop();
    spoil(house);
    house.clock.set(FIRST);
    await due(house);
    house.source.broken = [];
    house.source.posts = [...house.source.posts.filter(({ keys }) => keys.path !== post.keys.path), post];
    for (const monday of [SECOND, THIRD]) {
      house.clock.set(monday);
      await due(house);
    }
    expect(await titles(house)).toEqual([['Before'], ['Valve']]);
  });

  it('stays out when it was too old by then', async () => {
    const house = await aRunningHouse({ maxAgeMs: 7 * DAY_MS });
    house.source.posts.push(post);
    await collectPosts(house, house.store, theNewsletter(house));
    house.source.posts.pop();
    states['is broken']?.(house);
    house.clock.set(FIRST);
    await due(house);
    house.source.broken = [];
    house.source.posts.push(post);
    house.clock.set(SECOND);
    await due(house);
    expect(await titles(house)).toEqual([['Before']]);
  });
});

describe('A clock that is moved', () => {
  it('back over an occurrence repeats nothing, and loses nothing that is written meanwhile', async () => {
    const house = await aRunningHouse();
    house.clock.set(later(FIRST, HOUR_MS));
    await due(house);
    house.clock.set(later(FIRST, -5 * HOUR_MS));
    publish(house, 'In the hours that come twice', house.clock.now());
    expect(await due(house)).toEqual({ kind: 'nothing-due', next: SECOND });
    // The collection between issues, with the clock still behind the cut-off that was used.
    await sendIssue(house, { newsletter: theNewsletter(house), confirm: async () => false });
    house.clock.set(SECOND);
    await due(house);
    expect(await titles(house)).toEqual([['Before'], ['In the hours that come twice']]);
  });

  it('forward and back again sends once', async () => {
    const house = await aRunningHouse();
    house.clock.set(later(FIRST, 3 * HOUR_MS));
    await due(house);
    house.clock.set(later(FIRST, -HOUR_MS));
    await due(house);
    house.clock.set(FIRST);
    expect(await due(house)).toEqual({ kind: 'nothing-due', next: SECOND });
    expect(await titles(house)).toHaveLength(1);
  });
});

describe('A source that fails when an issue is due', () => {
  const failure = new GazetteError('source.failed', 'The blog is down.');

  it('is waited for as long as the newsletter says, and then the issue goes without it', async () => {
    const house = await aRunningHouse({ onSourceFailure: { kind: 'wait', ms: HOUR_MS } });
    house.source.failure = failure;
    house.clock.set(FIRST);
    const until = later(FIRST, HOUR_MS);
    expect(await due(house)).toMatchObject({ kind: 'waiting', for: 'source', until, reason: 'The blog is down.' });
    house.clock.set(until);
    expect(await due(house)).toMatchObject({ kind: 'frozen' });
  });

  it('stops the issue until it is mended', async () => {
    const house = await aRunningHouse({ onSourceFailure: { kind: 'stop' } });
    house.source.failure = failure;
    house.clock.set(later(FIRST, 20 * HOUR_MS));
    expect(await due(house)).toMatchObject({ kind: 'waiting', for: 'source' });
    delete house.source.failure;
    expect(await due(house)).toMatchObject({ kind: 'frozen', issue: { occurrence: FIRST } });
  });

  it('for longer than an issue may be late skips it, and holds its posts over', async () => {
    const house = await aRunningHouse({ onSourceFailure: { kind: 'stop' } });
    house.source.failure = failure;
    house.clock.set(later(FIRST, DAY_MS + 1));
    expect(await due(house)).toMatchObject({ kind: 'late' });
    delete house.source.failure;
    house.clock.set(SECOND);
    await due(house);
    expect(await titles(house)).toEqual([['Before']]);
  });

  it('does not stop an issue that may go without', async () => {
    const house = await aRunningHouse({ onSourceFailure: { kind: 'send-without' } });
    house.source.failure = failure;
    house.clock.set(FIRST);
    expect(await due(house)).toMatchObject({ kind: 'frozen' });
  });
});

describe('An issue that needs a yes', () => {
  const required = { approval: { kind: 'required' } } as const;

  it('waits for it, and is skipped with its posts held over when nobody answers in time', async () => {
    const house = await aRunningHouse(required);
    house.clock.set(FIRST);
    expect(await due(house)).toMatchObject({ kind: 'waiting', for: 'approval', until: later(FIRST, DAY_MS) });
    house.clock.set(later(FIRST, DAY_MS + 1));
    expect(await due(house)).toEqual({ kind: 'unapproved', occurrence: FIRST });
    expect(await records(house)).toEqual(['06-15 skipped(unapproved)']);
  });

  it('leaves at its occurrence with what was approved; later news waits', async () => {
    const house = await aRunningHouse(required);
    house.clock.set(later(FIRST, -DAY_MS));
    expect(await answerNext(house, theNewsletter(house), YES)).toMatchObject({ occurrence: FIRST });
    publish(house, 'Too late', later(FIRST, -HOUR_MS));
    publish(house, 'Dated back', later(FIRST, -2 * DAY_MS));
    house.clock.set(later(FIRST, -1));
    expect(await due(house)).toMatchObject({ kind: 'nothing-due' });
    house.clock.set(FIRST);
    expect(await due(house)).toMatchObject({ kind: 'frozen', issue: { occurrence: FIRST } });
    house.clock.set(later(SECOND, -DAY_MS));
    await answerNext(house, theNewsletter(house), YES);
    house.clock.set(SECOND);
    await due(house);
    expect(await titles(house)).toEqual([['Before'], ['Dated back', 'Too late']]);
  });

  it('waits again when it was edited after the yes, not when somebody signs up', async () => {
    const house = await aRunningHouse(required);
    house.clock.set(FIRST);
    await answerNext(house, theNewsletter(house), YES);
    const [post] = house.source.posts;
    house.source.posts = [{ ...(post as ReturnType<typeof aPost>), title: 'Edited' }];
    expect(await due(house)).toMatchObject({
      kind: 'waiting',
      reason: 'it was changed after it was approved: the post “Edited” was edited',
    });
    await addReaders(house, [{ address: 'late@example.org' }]);
    await answerNext(house, theNewsletter(house), YES);
    await addReaders(house, [{ address: 'later@example.org' }]);
    expect(await due(house)).toMatchObject({ kind: 'frozen' });
    expect(await titles(house)).toEqual([['Edited']]);
  });
});

describe('An issue that may be vetoed', () => {
  const veto = { approval: { kind: 'veto', ms: 2 * HOUR_MS } } as const;

  it('closes ahead, and leaves on time unless somebody says no', async () => {
    const house = await aRunningHouse(veto);
    house.clock.set(later(FIRST, -2 * HOUR_MS));
    await due(house);
    publish(house, 'After the notice', later(FIRST, -HOUR_MS));
    house.clock.set(FIRST);
    expect(await due(house)).toMatchObject({ kind: 'frozen', issue: { occurrence: FIRST } });
    expect(await titles(house)).toEqual([['Before']]);
  });

  it('is skipped when somebody says no, and its posts come again', async () => {
    const house = await aRunningHouse(veto);
    house.clock.set(later(FIRST, -HOUR_MS));
    await answerNext(house, theNewsletter(house), NO);
    house.clock.set(FIRST);
    expect(await due(house)).toEqual({ kind: 'vetoed', occurrence: FIRST });
    house.clock.set(later(SECOND, -2 * HOUR_MS));
    await due(house);
    house.clock.set(SECOND);
    await due(house);
    expect(await titles(house)).toEqual([['Before']]);
  });

  it('that was not announced in time leaves only when the time for a no is over', async () => {
    const house = await aRunningHouse(veto);
    house.clock.set(FIRST);
    expect(await due(house)).toMatchObject({ kind: 'waiting', for: 'approval' });
    house.clock.set(later(FIRST, 2 * HOUR_MS));
    expect(await due(house)).toMatchObject({ kind: 'frozen' });
  });
});
