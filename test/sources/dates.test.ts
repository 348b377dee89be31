import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTimezone } from '../../src/domain/zoned-time.js';
import { instantAt, instantFrom, wallTimeAt } from '../../src/sources/dates.js';
import { brokenOf, postOf, read, withKeys } from '../support/sources-files.js';

const dated = (...lines: readonly string[]) => postOf(withKeys(...lines), 'a-post.md').publishedAt.toISOString();

describe('a written date', () => {
  it.each([
    ['2026-06-09', '2026-06-08T23:00:00.000Z'],
    ['2026-01-09', '2026-01-09T00:00:00.000Z'],
    ['2026/6/9', '2026-06-08T23:00:00.000Z'],
    ['2026-06-09 9:30:15', '2026-06-09T08:30:15.000Z'],
    ['2026-06-09T17:20', '2026-06-09T16:20:00.000Z'],
    ['2026-06-09T17:20:00+01:00', '2026-06-09T16:20:00.000Z'],
    ['2015-10-01 01:00:00 +0800', '2015-09-30T17:00:00.000Z'],
    ['2026-06-09 17:20:00 -05', '2026-06-09T22:20:00.000Z'],
    ['2026-06-09 17:20:00 UTC', '2026-06-09T17:20:00.000Z'],
    ['2026-06-09T17:20:00.123456Z', '2026-06-09T17:20:00.000Z'],
    ['Jul 08 2022', '2022-07-07T23:00:00.000Z'],
    ['July 8, 2022', '2022-07-07T23:00:00.000Z'],
    ['Fri, 08 Jul 2022 10:00:00 GMT', '2022-07-08T10:00:00.000Z'],
    ['Sun Jan 29 2023 18:30:22 -0800', '2023-01-30T02:30:22.000Z'],
    ['2023-01-29 18:30:22 2023 -0800', '2023-01-30T02:30:22.000Z'],
  ])('of %s in London is %s', (written, instant) => {
    expect(dated(`date: ${written}`)).toBe(instant);
  });

  it.each(['2026-02-30', '2026-13-01', '2026-06-09 25:00', '2026-06-09 PST', 'soon', '1780000000', '29.6.2026'])(
    'of %s is refused with its place',
    (written) => {
      const broken = brokenOf(withKeys('title: x', `date: ${written}`));
      expect(broken.where).toBe('posts/2026-06-09-a-post.md:3:1');
      expect(broken.message).toContain('“date” is no date');
    },
  );

  it('that does not exist, for the clocks went forward, is the first instant after the gap', () => {
    const instant = instantFrom('2026-03-29 01:30', 'Europe/London');
    expect(instant?.toISOString()).toBe('2026-03-29T01:00:00.000Z');
    // Midnight itself is missing here.
    expect(instantFrom('2018-11-04', 'America/Sao_Paulo')?.toISOString()).toBe('2018-11-04T03:00:00.000Z');
  });

  it('that exists twice, for the clocks went back, is the first of the two', () => {
    expect(instantFrom('2026-10-25 01:30', 'Europe/London')?.toISOString()).toBe('2026-10-25T00:30:00.000Z');
    expect(instantFrom('2026-11-01 01:30', 'America/New_York')?.toISOString()).toBe('2026-11-01T05:30:00.000Z');
  });

  it('without an offset is what the clocks of its zone showed', () => {
    const zones = ['Europe/Berlin', 'America/St_Johns', 'Asia/Kolkata', 'Pacific/Apia', 'Australia/Lord_Howe', 'UTC'];
    const seconds = fc.integer({ min: Date.UTC(1995, 0) / 1000, max: Date.UTC(2035, 0) / 1000 });
    fc.assert(
      fc.property(fc.constantFrom(...zones), seconds, (zone, second) => {
        const wall = wallTimeAt(new Date(second * 1000), zone);
        const instant = instantAt(wall, zone);
        expect(wallTimeAt(instant, zone)).toEqual(wall);
        expect(instant.getTime()).toBeLessThanOrEqual(second * 1000);
      }),
    );
  });
});

describe('the date of a post', () => {
  it('is taken from publishDate before date, and is never the day of an edit', () => {
    expect(dated('date: 2026-01-01', 'publishDate: 2026-02-01', 'lastmod: 2026-03-01')).toBe(
      '2026-02-01T00:00:00.000Z',
    );
    expect(dated('pubDate: 2026-02-01')).toBe('2026-02-01T00:00:00.000Z');
    expect(dated('published: 2026-02-01')).toBe('2026-02-01T00:00:00.000Z');
  });

  it('in front matter goes before the one in the file name', () => {
    expect(postOf(withKeys('date: 2026-01-05')).publishedAt.toISOString()).toBe('2026-01-05T00:00:00.000Z');
    expect(postOf(withKeys('title: x')).publishedAt.toISOString()).toBe('2026-06-08T23:00:00.000Z');
  });

  it.each([
    ['2017-2-5-x.md', '2017-02-05T00:00:00.000Z'],
    ['13-02-05-x.md', '2013-02-05T00:00:00.000Z'],
    ['2026-01-09.md', '2026-01-09T00:00:00.000Z'],
    ['2026-01-09-a-bundle/index.md', '2026-01-09T00:00:00.000Z'],
  ])('in the name %s is found', (path, instant) => {
    expect(postOf('Text.', path).publishedAt.toISOString()).toBe(instant);
  });

  it('that is nowhere makes the file a page, which is no post', () => {
    expect(read(withKeys('title: x'), 'x.md')).toEqual({ kind: 'no-post', why: 'undated' });
  });

  it('is a calendar date when no time is written', () => {
    expect(postOf(withKeys('date: 2026-06-09'), 'x.md').publishedOn).toBe('2026-06-09');
    expect(postOf('Text.', '2026-06-09-x.md').publishedOn).toBe('2026-06-09');
    expect(postOf(withKeys('date: 2026-06-09 00:00'), 'x.md').publishedOn).toBeUndefined();
    expect(postOf(withKeys('date: 2026-06-09T00:00:00Z'), '2026-06-09-x.md').publishedOn).toBeUndefined();
  });

  it('of expiry is read under its three names', () => {
    for (const key of ['expiryDate', 'unpublishDate', 'expires']) {
      const post = postOf(withKeys(`${key}: 2026-07-01T00:00:00Z`));
      expect(post.expiresAt?.toISOString()).toBe('2026-07-01T00:00:00.000Z');
    }
  });

  it('is not needed by pages that begin with an underscore', () => {
    expect(read(withKeys('title: x'), '_index.md').kind).toBe('no-post');
    expect(read(withKeys('title: x'), 'news/_index.md').kind).toBe('no-post');
  });
});

describe('a time zone', () => {
  it('is one of the IANA names', () => {
    expect(isTimezone('Europe/London')).toBe(true);
    expect(isTimezone('UTC')).toBe(true);
    expect(isTimezone('Europe/Londn')).toBe(false);
    expect(isTimezone('+01:00')).toBe(false);
  });
});
