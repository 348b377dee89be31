import { describe, expect, it } from 'vitest';
import { GazetteError } from '../../src/domain/errors.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import { aContext, addReaders, type TestContext } from '../support/app-context.js';
import { aPost, DAY_MS } from '../support/builders.js';
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

/** A service that has been running since the Friday before the first Monday. */
async function aRunningService(newsletter: Partial<Newsletter> = {}): Promise<TestContext> {
  const deps = await aContext({ newsletter, now: new Date('2026-06-12T12:00:00Z'), renderer: plainRenderer });
  await addReaders(deps, [{}]);
  deps.source.posts = [aPost({ title: 'Before', publishedAt: new Date('2026-06-10T10:00:00Z') })];
  await deps.issues.collect(theNewsletter(deps));
  await due(deps);
  return deps;
}

function due(deps: TestContext) {
  return deps.operate.publishDue(theNewsletter(deps));
}

function theNewsletter(deps: TestContext): Newsletter {
  return deps.newsletters.get('weekly') as Newsletter;
}

function publish(deps: TestContext, title: string, at: Date): void {
  deps.source.posts.push(aPost({ title, publishedAt: at }));
}

/** Of each issue, oldest post first. */
async function titles(deps: TestContext): Promise<readonly (readonly string[])[]> {
  return (await deps.store.ledger.issues()).map(({ posts }) => posts.map(({ title }) => title).reverse());
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
    .map(([at, what]) => `${at.toISOString().slice(5, 10)} ${what}`);
}

describe('An occurrence of the schedule', () => {
  it('makes one issue, and nothing when it is asked again', async () => {
    const deps = await aRunningService();
    deps.clock.set(FIRST);
    expect(await due(deps)).toMatchObject({ kind: 'frozen', issue: { number: 1, occurrence: FIRST, manual: false } });
    expect(await due(deps)).toEqual({ kind: 'nothing-due', next: SECOND });
    expect(await titles(deps)).toEqual([['Before']]);
  });

  it('is not due a millisecond early', async () => {
    const deps = await aRunningService();
    deps.clock.set(later(FIRST, -1));
    expect(await due(deps)).toEqual({ kind: 'nothing-due', next: FIRST });
  });

  it('keeps its cut-off when it is made late; later posts are in the next issue', async () => {
    const deps = await aRunningService();
    deps.clock.set(later(FIRST, 2 * HOUR_MS));
    publish(deps, 'Just before', later(FIRST, -1000));
    publish(deps, 'Just after', later(FIRST, 1000));
    await due(deps);
    deps.clock.set(SECOND);
    await due(deps);
    expect(await titles(deps)).toEqual([['Before', 'Just before'], ['Just after']]);
  });

  it('without new posts has a record too', async () => {
    const deps = await aRunningService();
    deps.clock.set(FIRST);
    await due(deps);
    deps.clock.set(SECOND);
    expect(await due(deps)).toEqual({ kind: 'nothing-new', occurrence: SECOND });
    expect(await records(deps)).toEqual(['06-15 #1', '06-22 nothing-new']);
  });

  it('with too few posts carries them over without age limit', async () => {
    const deps = await aRunningService({ minPosts: 2, maxAgeMs: DAY_MS });
    deps.clock.set(FIRST);
    expect(await due(deps)).toEqual({ kind: 'too-few', occurrence: FIRST });
    publish(deps, 'Second', later(SECOND, -HOUR_MS));
    deps.clock.set(SECOND);
    await due(deps);
    expect(await titles(deps)).toEqual([['Before', 'Second']]);
    expect(await records(deps)).toEqual(['06-15 nothing-new', '06-22 #1']);
  });

  it('that passed before the newsletter was first run is not made up for', async () => {
    const deps = await aContext({ now: later(FIRST, HOUR_MS), posts: [aPost()] });
    expect(await due(deps)).toEqual({ kind: 'nothing-due', next: SECOND });
  });

  it('of a schedule that was just changed is not made up for either', async () => {
    const deps = await aRunningService();
    deps.clock.set(FIRST);
    await due(deps);
    deps.clock.advance(3 * DAY_MS);
    const daily = { ...theNewsletter(deps), schedule: '0 8 * * *' };
    expect(await deps.operate.publishDue(daily)).toEqual({
      kind: 'nothing-due',
      next: new Date('2026-06-19T07:00:00Z'),
    });
  });
});

describe('A schedule that is restored', () => {
  it('starts anew: its occurrences in the meantime are not made up for', async () => {
    const deps = await aRunningService();
    deps.clock.set(FIRST);
    await due(deps);
    const daily = { ...theNewsletter(deps), schedule: '0 8 * * *' };
    deps.clock.advance(HOUR_MS);
    await deps.operate.publishDue(daily);
    deps.clock.set(later(SECOND, HOUR_MS));
    expect(await deps.operate.publishDue({ ...daily, schedule: '0 8 1 * *' })).toMatchObject({ kind: 'nothing-due' });
    publish(deps, 'Second', later(SECOND, -DAY_MS));
    deps.clock.set(later(SECOND, 2 * HOUR_MS));
    expect(await due(deps)).toEqual({ kind: 'nothing-due', next: THIRD });
    deps.clock.set(THIRD);
    await due(deps);
    expect(await titles(deps)).toEqual([['Before'], ['Second']]);
  });

  it('in another time zone is another schedule', async () => {
    const deps = await aRunningService();
    deps.clock.set(FIRST);
    await due(deps);
    deps.clock.set(later(SECOND, -HOUR_MS));
    await due(deps);
    deps.clock.set(later(SECOND, HOUR_MS));
    const eastern = { ...theNewsletter(deps), timezone: 'Europe/Helsinki' };
    expect(await deps.operate.publishDue(eastern)).toMatchObject({ kind: 'nothing-due' });
  });
});

describe('Missed occurrences', () => {
  it('make one issue, with the occurrence and the cut-off of the latest', async () => {
    const deps = await aRunningService();
    publish(deps, 'Of the second week', later(SECOND, -HOUR_MS));
    publish(deps, 'Of the third week', later(THIRD, -HOUR_MS));
    deps.clock.set(later(THIRD, HOUR_MS));
    await due(deps);
    expect(await titles(deps)).toEqual([['Before', 'Of the second week', 'Of the third week']]);
    const into = `merged-into(${THIRD.toISOString()})`;
    expect(await records(deps)).toEqual([`06-15 ${into}`, `06-22 ${into}`, '06-29 #1']);
  });

  it('that are all too late are skipped, and their posts are carried over', async () => {
    const deps = await aRunningService({ maxLatenessMs: HOUR_MS });
    deps.clock.set(later(SECOND, 2 * HOUR_MS));
    expect(await due(deps)).toEqual({ kind: 'late', occurrence: SECOND });
    publish(deps, 'Later', later(THIRD, -HOUR_MS));
    deps.clock.set(THIRD);
    await due(deps);
    expect(await titles(deps)).toEqual([['Before', 'Later']]);
    expect(await records(deps)).toEqual(['06-15 skipped(late)', '06-22 skipped(late)', '06-29 #1']);
  });

  it('that are too late when an issue is made by hand are merged into it', async () => {
    const deps = await aRunningService();
    deps.clock.set(later(FIRST, DAY_MS + HOUR_MS));
    await deps.sending.sendNext({ newsletter: theNewsletter(deps), confirm: async () => true });
    await due(deps);
    const manual = later(FIRST, DAY_MS + HOUR_MS).toISOString();
    expect(await records(deps)).toEqual([`06-15 merged-into(${manual})`, '06-16 manual #1']);
    deps.clock.set(SECOND);
    expect(await due(deps)).toEqual({ kind: 'nothing-new', occurrence: SECOND });
  });
});

describe('A post that cannot be shown at its own cut-off', () => {
  const BROKEN = 'posts/valve.md:2:1';
  const post = aPost({ title: 'Valve', publishedAt: new Date('2026-06-12T10:00:00Z') });
  const states: { readonly [state: string]: (deps: TestContext) => void } = {
    'is broken': (deps) => {
      deps.source.broken = [{ source: 'blog', keys: post.keys, where: BROKEN, message: 'no date' }];
    },
    'is a draft again': (deps) => deps.source.posts.push({ ...post, draft: true }),
    'has a date to come': (deps) => deps.source.posts.push({ ...post, publishedAt: later(THIRD, DAY_MS) }),
    'has expired': (deps) => deps.source.posts.push({ ...post, expiresAt: later(FIRST, -HOUR_MS) }),
    'is gone': () => undefined,
  };

  it.each(Object.entries(states))('because it %s is in the next issue once it can be shown', async (_, spoil) => {
    const deps = await aRunningService();
    deps.source.posts.push(post);
    await deps.issues.collect(theNewsletter(deps));
    deps.source.posts.pop();
    spoil(deps);
    deps.clock.set(FIRST);
    await due(deps);
    deps.source.broken = [];
    deps.source.posts = [...deps.source.posts.filter(({ keys }) => keys.path !== post.keys.path), post];
    for (const monday of [SECOND, THIRD]) {
      deps.clock.set(monday);
      await due(deps);
    }
    expect(await titles(deps)).toEqual([['Before'], ['Valve']]);
  });

  it('is left out where it is too old by then', async () => {
    const deps = await aRunningService({ maxAgeMs: 7 * DAY_MS });
    deps.source.posts.push(post);
    await deps.issues.collect(theNewsletter(deps));
    deps.source.posts.pop();
    states['is broken']?.(deps);
    deps.clock.set(FIRST);
    await due(deps);
    deps.source.broken = [];
    deps.source.posts.push(post);
    deps.clock.set(SECOND);
    await due(deps);
    expect(await titles(deps)).toEqual([['Before']]);
  });
});

describe('A clock that is set', () => {
  it('back over an occurrence repeats nothing, and loses no post written meanwhile', async () => {
    const deps = await aRunningService();
    deps.clock.set(later(FIRST, HOUR_MS));
    await due(deps);
    deps.clock.set(later(FIRST, -5 * HOUR_MS));
    publish(deps, 'In the hours that come twice', deps.clock.now());
    expect(await due(deps)).toEqual({ kind: 'nothing-due', next: SECOND });
    // The collection between issues, with the clock still behind the cut-off that was used.
    await deps.sending.sendNext({ newsletter: theNewsletter(deps), confirm: async () => false });
    deps.clock.set(SECOND);
    await due(deps);
    expect(await titles(deps)).toEqual([['Before'], ['In the hours that come twice']]);
  });

  it('forward and back again sends once', async () => {
    const deps = await aRunningService();
    deps.clock.set(later(FIRST, 3 * HOUR_MS));
    await due(deps);
    deps.clock.set(later(FIRST, -HOUR_MS));
    await due(deps);
    deps.clock.set(FIRST);
    expect(await due(deps)).toEqual({ kind: 'nothing-due', next: SECOND });
    expect(await titles(deps)).toHaveLength(1);
  });
});

describe('A source that fails when an issue is due', () => {
  const failure = new GazetteError('source.failed', 'The blog is down.');

  it('is waited for as long as the newsletter says; then the issue is made without it', async () => {
    const deps = await aRunningService({ onSourceFailure: { kind: 'wait', ms: HOUR_MS } });
    deps.source.failure = failure;
    deps.clock.set(FIRST);
    const until = later(FIRST, HOUR_MS);
    expect(await due(deps)).toMatchObject({ kind: 'waiting', for: 'source', until, reason: 'The blog is down.' });
    deps.clock.set(until);
    expect(await due(deps)).toMatchObject({ kind: 'frozen' });
  });

  it('holds up the issue until it works again', async () => {
    const deps = await aRunningService({ onSourceFailure: { kind: 'stop' } });
    deps.source.failure = failure;
    deps.clock.set(later(FIRST, 20 * HOUR_MS));
    expect(await due(deps)).toMatchObject({ kind: 'waiting', for: 'source' });
    delete deps.source.failure;
    expect(await due(deps)).toMatchObject({ kind: 'frozen', issue: { occurrence: FIRST } });
  });

  it('for longer than an issue may be late skips the issue, and its posts are carried over', async () => {
    const deps = await aRunningService({ onSourceFailure: { kind: 'stop' } });
    deps.source.failure = failure;
    deps.clock.set(later(FIRST, DAY_MS + 1));
    expect(await due(deps)).toMatchObject({ kind: 'late' });
    delete deps.source.failure;
    deps.clock.set(SECOND);
    await due(deps);
    expect(await titles(deps)).toEqual([['Before']]);
  });

  it('does not hold up a newsletter that sends without it', async () => {
    const deps = await aRunningService({ onSourceFailure: { kind: 'send-without' } });
    deps.source.failure = failure;
    deps.clock.set(FIRST);
    expect(await due(deps)).toMatchObject({ kind: 'frozen' });
  });
});

describe('An issue that needs approval', () => {
  const required = { approval: { kind: 'required' } } as const;

  it('waits, and is skipped with its posts carried over when nobody answers in time', async () => {
    const deps = await aRunningService(required);
    deps.clock.set(FIRST);
    expect(await due(deps)).toMatchObject({ kind: 'waiting', for: 'approval', until: later(FIRST, DAY_MS) });
    deps.clock.set(later(FIRST, DAY_MS + 1));
    expect(await due(deps)).toEqual({ kind: 'unapproved', occurrence: FIRST });
    expect(await records(deps)).toEqual(['06-15 skipped(unapproved)']);
  });

  it('is made at its occurrence with what was approved; later posts wait', async () => {
    const deps = await aRunningService(required);
    deps.clock.set(later(FIRST, -DAY_MS));
    expect(await deps.approval.answer(theNewsletter(deps), YES)).toMatchObject({ occurrence: FIRST });
    publish(deps, 'Too late', later(FIRST, -HOUR_MS));
    publish(deps, 'Dated back', later(FIRST, -2 * DAY_MS));
    deps.clock.set(later(FIRST, -1));
    expect(await due(deps)).toMatchObject({ kind: 'nothing-due' });
    deps.clock.set(FIRST);
    expect(await due(deps)).toMatchObject({ kind: 'frozen', issue: { occurrence: FIRST } });
    deps.clock.set(later(SECOND, -DAY_MS));
    await deps.approval.answer(theNewsletter(deps), YES);
    deps.clock.set(SECOND);
    await due(deps);
    expect(await titles(deps)).toEqual([['Before'], ['Dated back', 'Too late']]);
  });

  it('waits again when it is edited after the approval, not when somebody signs up', async () => {
    const deps = await aRunningService(required);
    deps.clock.set(FIRST);
    await deps.approval.answer(theNewsletter(deps), YES);
    const [post] = deps.source.posts;
    deps.source.posts = [{ ...(post as ReturnType<typeof aPost>), title: 'Edited' }];
    expect(await due(deps)).toMatchObject({
      kind: 'waiting',
      reason: 'it was changed after it was approved: the post “Edited” was edited',
    });
    await addReaders(deps, [{ address: 'late@example.org' }]);
    await deps.approval.answer(theNewsletter(deps), YES);
    await addReaders(deps, [{ address: 'later@example.org' }]);
    expect(await due(deps)).toMatchObject({ kind: 'frozen' });
    expect(await titles(deps)).toEqual([['Edited']]);
  });
});

describe('An issue that may be vetoed', () => {
  const veto = { approval: { kind: 'veto', ms: 2 * HOUR_MS } } as const;

  it('is closed ahead of time, and made on time unless somebody vetoes it', async () => {
    const deps = await aRunningService(veto);
    deps.clock.set(later(FIRST, -2 * HOUR_MS));
    await due(deps);
    publish(deps, 'After the notice', later(FIRST, -HOUR_MS));
    deps.clock.set(FIRST);
    expect(await due(deps)).toMatchObject({ kind: 'frozen', issue: { occurrence: FIRST } });
    expect(await titles(deps)).toEqual([['Before']]);
  });

  it('is skipped when it is vetoed, and its posts are carried over', async () => {
    const deps = await aRunningService(veto);
    deps.clock.set(later(FIRST, -HOUR_MS));
    await deps.approval.answer(theNewsletter(deps), NO);
    deps.clock.set(FIRST);
    expect(await due(deps)).toEqual({ kind: 'vetoed', occurrence: FIRST });
    deps.clock.set(later(SECOND, -2 * HOUR_MS));
    await due(deps);
    deps.clock.set(SECOND);
    await due(deps);
    expect(await titles(deps)).toEqual([['Before']]);
  });

  it('that was announced late is made only when the time for a veto is over', async () => {
    const deps = await aRunningService(veto);
    deps.clock.set(FIRST);
    expect(await due(deps)).toMatchObject({ kind: 'waiting', for: 'approval' });
    deps.clock.set(later(FIRST, 2 * HOUR_MS));
    expect(await due(deps)).toMatchObject({ kind: 'frozen' });
  });
});
