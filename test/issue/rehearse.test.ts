import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aContext } from '../support/app-context.js';
import { aPost, DAY_MS } from '../support/builders.js';
import { runs } from '../support/runs.js';

const FROM = new Date('2026-01-01T00:00:00Z');
const TO = new Date('2026-06-30T00:00:00Z');

describe('a rehearsal', () => {
  it('makes the issues the schedule would have made, and names what none of them carries', async () => {
    const posts = [
      aPost({ title: 'One', publishedAt: new Date('2026-01-06T10:00:00Z') }),
      aPost({ title: 'Two', publishedAt: new Date('2026-01-20T10:00:00Z') }),
      aPost({ title: 'Draft', draft: true, publishedAt: new Date('2026-01-20T10:00:00Z') }),
      aPost({ title: 'Old', publishedAt: new Date('2020-01-20T10:00:00Z') }),
      aPost({ title: 'Open', publishedAt: new Date('2026-06-29T18:00:00Z') }),
    ];
    const deps = await aContext({ posts });
    const { issues, never } = await deps.issues.rehearse({
      newsletter: [...deps.newsletters.values()][0] as never,
      from: FROM,
      to: TO,
    });
    expect(
      issues.map(({ occurrence, posts: carried }) => [occurrence.toISOString(), ...carried.map(({ title }) => title)]),
    ).toEqual([
      ['2026-01-12T08:00:00.000Z', 'One'],
      ['2026-01-26T08:00:00.000Z', 'Two'],
    ]);
    expect(never.map(({ reason }) => reason).sort()).toEqual(['before-baseline', 'draft', 'window-open']);
  });

  it('begins with the posts since the newsletter’s baseline, where it names one', async () => {
    const posts = [
      aPost({ title: 'Older', publishedAt: new Date('2024-12-31T10:00:00Z') }),
      aPost({ title: 'Old', publishedAt: new Date('2025-02-01T10:00:00Z') }),
      aPost({ title: 'One', publishedAt: new Date('2026-01-06T10:00:00Z') }),
    ];
    const deps = await aContext({
      posts,
      newsletter: { baseline: new Date('2025-01-01T00:00:00Z'), maxAgeMs: DAY_MS },
    });
    const { issues, never } = await deps.issues.rehearse({
      newsletter: [...deps.newsletters.values()][0] as never,
      from: new Date('2026-01-12T00:00:00Z'),
      to: TO,
    });
    expect(issues.map(({ posts: carried }) => carried.map(({ title }) => title).toSorted())).toEqual([['Old', 'One']]);
    expect(never).toEqual([{ id: posts[0]?.url, reason: 'before-baseline' }]);
  });

  it('carries every publishable post exactly once, whatever the order of files and the limits', async () => {
    const published = fc.integer({ min: 8 * DAY_MS, max: 120 * DAY_MS }).map((ms) => new Date(FROM.getTime() + ms));
    await fc.assert(
      fc.asyncProperty(
        fc.array(published, { maxLength: 25 }),
        fc.integer({ min: 2, max: 9 }),
        async (dates, maxPosts) => {
          const posts = dates.map((publishedAt) => aPost({ publishedAt }));
          const deps = await aContext({ posts, newsletter: { maxPosts } });
          const request = { newsletter: [...deps.newsletters.values()][0] as never, from: FROM, to: TO };
          const forwards = await deps.issues.rehearse(request);
          const carried = forwards.issues.flatMap((issue) => issue.posts.map(({ id }) => id));
          expect(carried.toSorted()).toEqual(posts.map(({ url }) => url).toSorted());
          deps.source.posts.reverse();
          expect(await deps.issues.rehearse(request)).toEqual(forwards);
        },
      ),
      { numRuns: runs(4) },
    );
  });
});
