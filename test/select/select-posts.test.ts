import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_ARRANGEMENT } from '../../src/domain/arrangement.js';
import type { KnownPost, Post } from '../../src/domain/post.js';
import { publishabilityAt } from '../../src/domain/post.js';
import { type PostOutcome, reasonText, type Verdict } from '../../src/domain/selection.js';
import { outcomesOfIssue, outcomesOfSkip } from '../../src/select/post-outcomes.js';
import { type SelectInput, selectPosts } from '../../src/select/select-posts.js';
import { aKnownPost, aNewsletter, DAY_MS } from '../support/builders.js';

const JUNE_8 = new Date('2026-06-08T07:00:00Z');
const JUNE_15 = new Date('2026-06-15T07:00:00Z');
const inWindow = new Date('2026-06-10T09:00:00Z');

function select(posts: readonly KnownPost[], with_: Partial<SelectInput> = {}) {
  return selectPosts({
    newsletter: aNewsletter(),
    posts,
    outcomes: new Map(),
    window: { since: JUNE_8, until: JUNE_15 },
    arrangement: NO_ARRANGEMENT,
    ...with_,
  });
}

/** The reason given for the first post, as `--json` shows it. */
function reasonOf(known: KnownPost, with_: Partial<SelectInput> = {}): string {
  const verdict = select([known], with_).verdicts[0];
  return verdict ? `${verdict.in ? 'in' : 'out'}: ${reasonText(verdict.reason)}` : 'no verdict';
}

describe('the window', () => {
  it('takes a post published since the previous cut-off', () => {
    expect(reasonOf(aKnownPost({ publishedAt: inWindow }))).toBe('in: news');
  });
  it('takes a post published at the very cut-off, and leaves one published at the previous cut-off to the issue before', () => {
    expect(reasonOf(aKnownPost({ publishedAt: JUNE_15 }))).toBe('in: news');
    expect(reasonOf(aKnownPost({ publishedAt: JUNE_8 }))).toBe('out: before-baseline');
  });
  it('takes a post dated before the previous cut-off that was first seen after it', () => {
    expect(reasonOf(aKnownPost({ publishedAt: new Date('2026-06-01T00:00:00Z'), newsAt: inWindow }))).toBe('in: news');
  });
  it('takes a post first seen after the cut-off but before the freeze', () => {
    expect(reasonOf(aKnownPost({ publishedAt: inWindow, newsAt: new Date('2026-06-15T07:00:05Z') }))).toBe('in: news');
  });
  it('finds a late post too old when its publication lies further back than maxAge', () => {
    const publishedAt = new Date(JUNE_15.getTime() - 31 * DAY_MS);
    expect(reasonOf(aKnownPost({ publishedAt, newsAt: inWindow }))).toBe('out: too-old');
  });
  it('never judges the age of a post that was carried over', () => {
    const known = aKnownPost({ publishedAt: new Date('2025-01-01T00:00:00Z') });
    expect(reasonOf(known, { outcomes: new Map([[known.uid, { kind: 'held-over', why: 'limit' }]]) })).toBe(
      'in: held-over',
    );
  });
});

describe('a post that is out', () => {
  it.each([
    ['draft', aKnownPost({ publishedAt: inWindow, draft: true })],
    ['future', aKnownPost({ publishedAt: new Date('2026-06-16T00:00:00Z') })],
    ['expired', aKnownPost({ publishedAt: inWindow, expiresAt: JUNE_15 })],
    ['withdrawn', { ...aKnownPost({ publishedAt: inWindow }), withdrawnAt: inWindow }],
    ['broken(posts/a.md:2:1)', { ...aKnownPost(), broken: { where: 'posts/a.md:2:1', message: 'no title' } }],
    ['filtered', aKnownPost({ publishedAt: inWindow, source: 'elsewhere' })],
  ])('says why: %s', (reason, known) => {
    expect(reasonOf(known)).toBe(`out: ${reason}`);
  });
  it('was carried by an earlier issue, whatever became of it since', () => {
    const known = { ...aKnownPost({ publishedAt: inWindow }), withdrawnAt: inWindow };
    expect(reasonOf(known, { outcomes: new Map([[known.uid, { kind: 'carried', issue: 3 }]]) })).toBe(
      'out: carried(#3)',
    );
  });
  it('is in a category that the newsletter does not take from that source', () => {
    const newsletter = aNewsletter({ sources: [{ name: 'blog', only: ['Machine Learning'], except: ['ads'] }] });
    expect(reasonOf(aKnownPost({ publishedAt: inWindow, categories: ['machine-learning'] }), { newsletter })).toBe(
      'in: news',
    );
    expect(reasonOf(aKnownPost({ publishedAt: inWindow, categories: ['chemistry'] }), { newsletter })).toBe(
      'out: filtered',
    );
    const both = aKnownPost({ publishedAt: inWindow, categories: ['machine learning', 'Ads'] });
    expect(reasonOf(both, { newsletter })).toBe('out: filtered');
  });
  it('is the same page as one of an earlier source of the newsletter', () => {
    const newsletter = aNewsletter({ sources: ['blog', 'feed'].map((name) => ({ name, only: [], except: [] })) });
    const url = 'https://blog.example.org/one/';
    const first = aKnownPost({ publishedAt: inWindow, source: 'blog', url });
    const second = aKnownPost({ publishedAt: inWindow, source: 'feed', url, keys: { id: 'guid-1', url } });
    const { chosen, verdicts } = select([second, first], { newsletter });
    expect(chosen).toEqual([first]);
    expect(verdicts.map(({ reason }) => reasonText(reason)).sort()).toEqual([`duplicate-of(${url})`, 'news']);
  });

  it('is the same page when its address is only spelled differently', () => {
    const newsletter = aNewsletter({ sources: ['blog', 'feed'].map((name) => ({ name, only: [], except: [] })) });
    const of = (source: string, url: string) => aKnownPost({ publishedAt: inWindow, source, url, keys: { url } });
    const first = of('blog', 'https://blog.example.org/one/');
    const spelled = of('feed', 'http://www.blog.example.org/one?utm_source=rss');
    const other = of('feed', 'https://blog.example.org/one/?page=2');
    expect(select([spelled, other, first], { newsletter }).chosen).toEqual(expect.arrayContaining([first, other]));
    expect(select([spelled, other, first], { newsletter }).chosen).toHaveLength(2);
    // In one source they are two posts: it can tell them apart.
    expect(select([first, of('blog', 'https://blog.example.org/one')], { newsletter }).chosen).toHaveLength(2);
  });

  it('is the same page when one of them names the address of the other as its own', () => {
    const newsletter = aNewsletter({ sources: ['blog', 'copy'].map((name) => ({ name, only: [], except: [] })) });
    const url = 'https://blog.example.org/one/';
    const first = aKnownPost({ publishedAt: inWindow, source: 'blog', url, keys: { url } });
    const at = 'https://others.example.net/p/1';
    const copy = (canonical: string) =>
      aKnownPost({ publishedAt: inWindow, source: 'copy', url: at, keys: { url: at }, canonical });
    expect(select([copy('http://www.blog.example.org/one'), first], { newsletter }).chosen).toEqual([first]);
    expect(select([copy('https://blog.example.org/two/'), first], { newsletter }).chosen).toHaveLength(2);
  });

  it('was sent, even if what was sent is gone from its source', () => {
    const newsletter = aNewsletter({ sources: ['blog', 'feed'].map((name) => ({ name, only: [], except: [] })) });
    const url = 'https://blog.example.org/one/';
    const sent = {
      ...aKnownPost({ publishedAt: inWindow, source: 'blog', url, keys: { url } }),
      withdrawnAt: inWindow,
    };
    const listed = aKnownPost({ publishedAt: inWindow, source: 'feed', url: `${url}?utm_source=rss` });
    const outcomes = new Map([[sent.uid, { kind: 'carried' as const, issue: 1 }]]);
    const { verdicts } = select([sent, listed], { newsletter, outcomes });
    expect(verdicts.map(({ reason }) => reason.kind).sort()).toEqual(['carried', 'duplicate-of']);
  });

  describe('and one address or id', () => {
    const url = 'https://blog.example.org/one/';
    const later = new Date('2027-01-01T00:00:00Z');
    const two = (one: Partial<Post>, other: Partial<Post>, with_: Partial<SelectInput> = {}) => {
      const posts = [
        aKnownPost({ publishedAt: inWindow, title: 'One', place: 'one.md', ...one }),
        aKnownPost({ publishedAt: inWindow, title: 'Other', place: 'other.md', ...other }),
      ];
      const { verdicts } = select(posts, with_);
      return verdicts.map(({ known, reason }) => `${known.post.title} ${reason.kind}`).sort();
    };
    const keys = { url };

    it('are neither of them sent, and each names the other', () => {
      expect(two({ keys, url }, { keys, url })).toEqual(['One broken', 'Other broken']);
      expect(two({ keys: { id: '7' } }, { keys: { id: '7' } })).toEqual(['One broken', 'Other broken']);
      const posts = ['a.md', 'b.md'].map((place) => aKnownPost({ publishedAt: inWindow, keys, url, place }));
      const { reason } = select(posts).verdicts[0] as Verdict;
      expect(reason).toMatchObject({ where: 'a.md', message: expect.stringContaining('so has b.md.') });
    });
    it('are told of an id in two sources too, unless they are one post', () => {
      const newsletter = aNewsletter({ sources: ['blog', 'feed'].map((name) => ({ name, only: [], except: [] })) });
      const of = (more: Partial<Post>) =>
        two({ keys: { id: '7' } }, { keys: { id: '7' }, source: 'feed', ...more }, { newsletter });
      expect(of({})).toEqual(['One broken', 'Other broken']);
      expect(
        two({ keys: { id: '7', url }, url }, { keys: { id: '7', url }, url, source: 'feed' }, { newsletter }),
      ).toEqual(['One news', 'Other duplicate-of']);
    });
    it.each([
      ['draft', { draft: true }, 'draft'],
      ['future', { publishedAt: later }, 'future'],
      ['expired', { expiresAt: inWindow }, 'expired'],
      ['not taken', { categories: ['ads'] }, 'filtered'],
    ])('leave each other alone where one is %s', (_, state, kind) => {
      const newsletter = aNewsletter({
        sources: ['feed', 'blog'].map((name) => ({ name, only: [], except: ['ads'] })),
      });
      expect(two({ keys, url }, { keys, url, ...state }, { newsletter })).toEqual(['One news', `Other ${kind}`]);
      expect(two({ keys, url }, { keys, url, source: 'feed', ...state }, { newsletter })).toEqual([
        'One news',
        `Other ${kind}`,
      ]);
    });
    it('count as sent in every source once one of them was', () => {
      const newsletter = aNewsletter({ sources: ['feed', 'blog'].map((name) => ({ name, only: [], except: [] })) });
      const sent = aKnownPost({ publishedAt: inWindow, keys, url });
      const listed = aKnownPost({ publishedAt: inWindow, keys, url, source: 'feed' });
      const { verdicts } = select([sent, listed], {
        newsletter,
        outcomes: new Map([[sent.uid, { kind: 'carried', issue: 1 }]]),
      });
      expect(verdicts.map(({ reason }) => reason.kind).sort()).toEqual(['carried', 'duplicate-of']);
    });
  });
});

describe('the limits', () => {
  const days = [9, 10, 11, 12].map((day) =>
    aKnownPost({ publishedAt: new Date(`2026-06-${day < 10 ? '0' : ''}${day}T09:00:00Z`) }),
  );
  const [ninth, tenth, eleventh, twelfth] = days as [KnownPost, KnownPost, KnownPost, KnownPost];

  it('take pinned posts first, then carried-over ones, then the oldest; the rest is carried over', () => {
    const selection = select(days, {
      newsletter: aNewsletter({ maxPosts: 3 }),
      outcomes: new Map([[eleventh.uid, { kind: 'held-over', why: 'limit' }]]),
      arrangement: { ...NO_ARRANGEMENT, pinned: [twelfth.post.url as string] },
    });
    expect(selection.chosen).toEqual([twelfth, eleventh, ninth]);
    expect(selection.carriedOver).toBe(1);
    expect(selection.verdicts.find(({ known }) => known === tenth)).toMatchObject({
      in: false,
      reason: { why: 'limit' },
    });
    expect(outcomesOfIssue(selection, 7)).toContainEqual({
      uid: tenth.uid,
      outcome: { kind: 'held-over', why: 'limit' },
    });
  });
  it('hold everything over while there are fewer posts than minPosts', () => {
    const selection = select(days, { newsletter: aNewsletter({ minPosts: 5 }) });
    expect(selection).toMatchObject({ outcome: 'too-few', chosen: [], carriedOver: 0 });
    expect(outcomesOfSkip(selection, 'min-posts')).toHaveLength(4);
  });
  it('distinguish nothing new from too few', () => {
    expect(select([aKnownPost({ draft: true })], { newsletter: aNewsletter({ minPosts: 0 }) }).outcome).toBe(
      'nothing-new',
    );
  });
});

describe('the editor', () => {
  it('leaves a post out, and it does not come back by itself', () => {
    const known = aKnownPost({ publishedAt: inWindow });
    const selection = select([known], { arrangement: { ...NO_ARRANGEMENT, excluded: [known.post.url as string] } });
    expect(selection.verdicts[0]).toMatchObject({ in: false, reason: { kind: 'left-out-by-editor' } });
    expect(reasonOf(known, { outcomes: new Map([[known.uid, { kind: 'left-out-by-editor' }]]) })).toBe(
      'out: left-out-by-editor',
    );
  });
  it('brings an old post in, but never one that was carried', () => {
    const known = aKnownPost({ publishedAt: new Date('2020-01-01T00:00:00Z') });
    const arrangement = { ...NO_ARRANGEMENT, added: [known.post.url as string] };
    expect(reasonOf(known, { arrangement })).toBe('in: brought-in');
    const outcomes = new Map<string, PostOutcome>([[known.uid, { kind: 'carried', issue: 1 }]]);
    expect(reasonOf(known, { arrangement, outcomes })).toBe('out: carried(#1)');
  });
});

describe('over many issues', () => {
  const moment = fc.integer({ min: 0, max: 60 * DAY_MS }).map((ms) => new Date(JUNE_8.getTime() + 1 + ms));
  const post = fc.record({
    publishedAt: moment,
    lateMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20 * DAY_MS })),
    draft: fc.boolean(),
    expiresInMs: fc.option(fc.integer({ min: 1, max: 30 * DAY_MS }), { nil: undefined }),
  });

  it('every post that some cut-off could have carried is carried exactly once, whatever the order and the limits', () => {
    fc.assert(
      fc.property(
        fc.array(post, { maxLength: 40 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 1_000 }),
        (made, maxPosts, minPosts, seed) => {
          const posts = made.map(({ publishedAt, lateMs, draft, expiresInMs }) =>
            aKnownPost({
              publishedAt,
              newsAt: new Date(publishedAt.getTime() + lateMs),
              draft,
              ...(expiresInMs && { expiresAt: new Date(publishedAt.getTime() + expiresInMs) }),
            }),
          );
          const newsletter = aNewsletter({ maxPosts, minPosts });
          const outcomes = new Map<string, PostOutcome>();
          const times = new Map<string, number>();
          const expirable = new Set<string>();
          let since = JUNE_8;
          for (let issue = 1; issue <= 60; issue += 1) {
            const until = new Date(JUNE_8.getTime() + issue * 7 * DAY_MS);
            const seen = shuffled(
              posts.filter(({ newsAt }) => (newsAt as Date) <= until),
              seed + issue,
            );
            const input = { newsletter, outcomes, window: { since, until }, arrangement: NO_ARRANGEMENT, posts: seen };
            const selection = selectPosts(input);
            expect(selectPosts({ ...input, posts: shuffled(seen, seed) }).chosen).toEqual(selection.chosen);
            for (const { uid } of selection.chosen) times.set(uid, (times.get(uid) ?? 0) + 1);
            for (const known of posts) {
              if (publishabilityAt(known.post, until) === 'expired') expirable.add(known.uid);
            }
            const skipped = selection.outcome !== 'issue';
            const news = skipped ? outcomesOfSkip(selection, 'min-posts') : outcomesOfIssue(selection, issue);
            for (const { uid, outcome } of news) outcomes.set(uid, outcome);
            if (!skipped) since = until;
          }
          const isWaiting = (uid: string) => outcomes.get(uid)?.kind === 'held-over' && !expirable.has(uid);
          const waiting = [...outcomes.keys()].filter(isWaiting).length;
          expect(waiting).toBeLessThan(minPosts);
          for (const known of posts) {
            const count = times.get(known.uid) ?? 0;
            if (known.post.draft) expect(count).toBe(0);
            else if (expirable.has(known.uid) || outcomes.get(known.uid)?.kind === 'held-over')
              expect(count).toBeLessThanOrEqual(1);
            else expect(count).toBe(1);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

function shuffled<T>(list: readonly T[], seed: number): T[] {
  return list
    .map((value, index) => ({ value, at: ((index + 1) * 7919 + seed * 104_729) % 1_009 }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
