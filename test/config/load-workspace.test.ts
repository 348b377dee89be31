import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadWorkspace } from '../../src/config/load-workspace.js';
import { GazetteError } from '../../src/domain/errors.js';
import { aNewsletterFile, memoryFiles, ROOT, SOURCES } from '../support/config-files.js';

const DAY = 86_400_000;
const tools = {
  sourceKinds: [
    {
      kind: 'folder',
      options: z.strictObject({ kind: z.literal('folder'), dir: z.string(), depth: z.int().default(3) }),
    },
    { kind: 'feed', options: z.strictObject({ kind: z.literal('feed'), url: z.url() }) },
  ],
  checkSchedule: (schedule: string) => (schedule.includes('never') ? 'It never happens.' : undefined),
  periodMs: (schedule: string) => (schedule.includes('yearly') ? 365 * DAY : 7 * DAY),
} as const;

type Texts = { readonly [path: string]: string | Uint8Array };

function load(texts: Texts) {
  return loadWorkspace(memoryFiles(texts), ROOT, tools);
}

/** Each problem as `where message`. */
async function problemsOf(texts: Texts): Promise<readonly string[]> {
  const error: unknown = await load(texts).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(GazetteError);
  return (error as GazetteError).problems.map(({ where, message }) => `${where} ${message}`);
}

const weekly = (with_: { readonly [key: string]: string }) => ({
  'content/sources.yaml': SOURCES,
  'content/newsletters/weekly.yaml': aNewsletterFile(with_),
});

async function newsletterOf(with_: { readonly [key: string]: string }) {
  const [newsletter] = (await load(weekly(with_))).newsletters;
  return newsletter;
}

/** The one problem of a weekly.yaml with these settings, without its file. */
async function problemOf(with_: { readonly [key: string]: string }): Promise<string | undefined> {
  const [problem, ...others] = await problemsOf(weekly(with_));
  expect(others).toEqual([]);
  return problem?.replace(/^content\/newsletters\/weekly\.yaml:/, '');
}

describe('a workspace', () => {
  it('is its sources and newsletters, with every default filled in', async () => {
    const workspace = await load(weekly({}));
    expect(workspace).toMatchObject({ root: ROOT, contentDir: '/workspace/content' });
    expect([...workspace.sources]).toEqual([['blog', { kind: 'folder', dir: 'posts', depth: 3 }]]);
    const where = workspace.settingPlaces.get('weekly');
    expect(where?.('title')).toBe('content/newsletters/weekly.yaml:2:1');
    expect(where?.('subject')).toBe('content/newsletters/weekly.yaml:1:1');
    expect(workspace.newsletters).toEqual([
      {
        id: 'weekly',
        title: 'Notes',
        language: 'en',
        timezone: 'Europe/London',
        schedule: '0 8 * * 1',
        sources: [{ name: 'blog', only: [], except: [] }],
        categories: [],
        theme: 'plain',
        pictures: 'each',
        sender: { name: 'Notes', address: 'notes@example.org' },
        minPosts: 1,
        maxPosts: 40,
        maxAgeMs: 30 * DAY,
        maxLatenessMs: DAY,
        approval: { kind: 'none' },
        onUnknownOutcome: 'resend',
        onSourceFailure: { kind: 'stop' },
      },
    ]);
  });

  it('is missed where there is none', async () => {
    await expect(load({ 'README.md': '' })).rejects.toMatchObject({ code: 'config.no-workspace' });
  });

  it('needs a file of sources and a newsletter', async () => {
    expect(await problemsOf({ 'content/newsletters/a.yaml': aNewsletterFile() })).toEqual([
      'content/sources.yaml The file is missing; it names where posts come from.',
    ]);
    expect(await problemsOf({ 'content/sources.yaml': SOURCES })).toEqual([
      'content/newsletters The folder has no newsletter in it.',
    ]);
  });

  it('reports every problem of every file at once, in the order of files and lines', async () => {
    const problems = await problemsOf({
      'content/sources.yaml': 'blog:\n  kind: foldr\nnews:\n  kind: feed\n  url: nope\n',
      'content/newsletters/a.yaml': aNewsletterFile({ maxPosts: '0', title: '2024', langauge: 'en', language: '' }),
      'content/newsletters/b.yaml': aNewsletterFile({ id: 'monthly', sources: '[blgo]' }),
    });
    expect(problems).toEqual([
      'content/sources.yaml:2:9 blog.kind: There is no kind of source “foldr”. Did you mean “folder”?',
      expect.stringMatching(/^content\/sources\.yaml:5:8 news\.url: /),
      'content/newsletters/a.yaml:1:1 language: Is missing.',
      'content/newsletters/a.yaml:2:8 title: Must be text; put it in quotes: "2024".',
      'content/newsletters/a.yaml:7:11 maxPosts: Must be at least 1.',
      'content/newsletters/a.yaml:8:1 langauge: There is no such setting. Did you mean “language”?',
      'content/newsletters/b.yaml:6:11 sources[1]: content/sources.yaml has no source “blgo”. Did you mean “blog”?',
    ]);
  });

  it('says a single problem itself', async () => {
    await expect(load(weekly({ minPosts: '0' }))).rejects.toMatchObject({
      code: 'config.invalid',
      message: 'minPosts: Must be at least 1.',
      where: 'content/newsletters/weekly.yaml:8:11',
    });
  });

  it('names both places of an id that two files share', async () => {
    const problems = await problemsOf({
      'content/sources.yaml': SOURCES,
      'content/newsletters/a.yaml': aNewsletterFile(),
      'content/newsletters/b.yaml': aNewsletterFile(),
    });
    expect(problems).toEqual([
      'content/newsletters/b.yaml:1:5 id: “weekly” is the id of content/newsletters/a.yaml:1:5 already.',
    ]);
  });
});

describe('a newsletter', () => {
  it('may say everything', async () => {
    const newsletter = await newsletterOf({
      sources: '[{ name: blog, only: [ai], except: [drafts] }]',
      categories: '[Lab Life, { key: ai, title: { en: AI, de: KI }, also: [ML] }, { key: "c++", title: C plus plus }]',
      replyTo: 'office@bücher.example.org',
      subject: 'This week',
      postalAddress: '"1 Example Street\\nExampletown"',
      baseline: '2026-01-01',
      maxAge: '2w',
      maxLateness: '90m',
      approval: 'veto 2h',
      inDoubt: 'hold',
      onSourceFailure: 'wait 30m',
    });
    expect(newsletter).toMatchObject({
      sources: [{ name: 'blog', only: ['ai'], except: ['drafts'] }],
      categories: [
        { key: 'lab-life', title: { en: 'Lab Life' }, also: [] },
        { key: 'ai', title: { en: 'AI', de: 'KI' }, also: ['ML'] },
        { key: 'c++', title: { en: 'C plus plus' }, also: [] },
      ],
      replyTo: 'office@xn--bcher-kva.example.org',
      subject: 'This week',
      postalAddress: '1 Example Street\nExampletown',
      baseline: new Date('2026-01-01T00:00:00Z'),
      maxAgeMs: 14 * DAY,
      maxLatenessMs: 90 * 60_000,
      approval: { kind: 'veto', ms: 7_200_000 },
      onUnknownOutcome: 'hold',
      onSourceFailure: { kind: 'wait', ms: 1_800_000 },
    });
  });

  it('reads a baseline by its own clock unless the date says otherwise', async () => {
    const baselineOf = async (baseline: string) => (await newsletterOf({ timezone: 'Asia/Tokyo', baseline }))?.baseline;
    expect(await baselineOf('2026-01-01')).toEqual(new Date('2025-12-31T15:00:00Z'));
    expect(await baselineOf('"2026-01-01 09:30"')).toEqual(new Date('2026-01-01T00:30:00Z'));
    expect(await baselineOf('"2026-01-01T09:30:00+01:00"')).toEqual(new Date('2026-01-01T08:30:00Z'));
  });

  it('looks back two periods for late posts when that is longer than thirty days', async () => {
    expect((await newsletterOf({ schedule: '"@yearly"' }))?.maxAgeMs).toBe(730 * DAY);
  });

  it.each([
    [{ id: 'Weekly!' }, '1:5 id: Must be lower-case letters, digits and hyphens, such as weekly.'],
    [{ title: '' }, '1:1 title: Is missing.'],
    [{ title: '"  "' }, '2:8 title: Is empty.'],
    [{ title: '"a\\nb"' }, '2:8 title: Must be one line, without control characters.'],
    [{ language: 'english!' }, '3:11 language: Must be a language code such as en or pt-BR.'],
    [{ timezone: 'Europe/Lundon' }, '4:11 timezone: Must be a time zone such as Europe/London or UTC.'],
    [{ timezone: '"+02:00"' }, '4:11 timezone: Must be a time zone such as Europe/London or UTC.'],
    [{ schedule: 'never' }, '5:11 schedule: It never happens.'],
    [{ sources: 'blog' }, '6:10 sources: Must be a list: [blog].'],
    [{ sources: '[]' }, '6:10 sources: Must be at least 1 in number.'],
    [{ sources: '[blog, { name: blog }]' }, '6:25 sources[2].name: “blog” is in the list twice.'],
    [
      { sources: '[{ name: blog, onyl: [x] }]' },
      '6:25 sources[1].onyl: There is no such setting. Did you mean “only”?',
    ],
    [
      { sender: '{ name: Notes, address: nobody }' },
      '7:33 sender.address: Must be an address such as name@example.org.',
    ],
    [{ sender: '{ name: Notes, address: grüße@example.org }' }, /7:33 sender\.address: Must be written in ASCII/],
    [{ sender: 'notes@example.org' }, '7:9 sender: Must be a group of settings.'],
    [{ categories: '[other]' }, '8:14 categories[1]: “other” is the section for posts in no category.'],
    [
      { categories: '[a b, { key: c, also: [A_B] }]' },
      '8:36 categories[2].also[1]: “A_B” belongs to categories[1] already.',
    ],
    [{ categories: '[{ key: a, title: { de: x } }]' }, /categories\[1\]\.title: Has no text for en/],
    [{ categories: '["a;b"]' }, /Must not hold a comma, semicolon/],
    [{ categories: '["a\u037eb"]' }, /Must not hold a comma, semicolon/],
    [{ categories: '[7]' }, '8:14 categories[1]: Must be a name, or a group with key, title and also.'],
    [{ theme: '../x' }, '8:8 theme: Must be the name of a folder of templates/.'],
    [{ subject: '~' }, '8:10 subject: Is empty.'],
    [{ maxPosts: '3.5' }, '8:11 maxPosts: Must be a whole number.'],
    [{ maxPosts: '2', minPosts: '3' }, '9:11 minPosts: Must not be above maxPosts, which is 2.'],
    [{ baseline: '2026-02-30' }, '8:11 baseline: Must be a date such as 2026-01-01, or 2026-01-01 08:00.'],
    [{ baseline: '"2026"' }, '8:11 baseline: Must be a date such as 2026-01-01, or 2026-01-01 08:00.'],
    [{ maxAge: '30' }, '8:9 maxAge: Must be a duration such as 90m, 24h, 30d or 2w.'],
    [{ maxAge: '0d' }, '8:9 maxAge: Must be a duration such as 90m, 24h, 30d or 2w.'],
    [{ approval: 'veto' }, '8:11 approval: Must be none, required, or veto with a duration: veto 2h.'],
    [{ inDoubt: 'resent' }, '8:10 inDoubt: Must be one of resend, hold. Did you mean “resend”?'],
    [{ onSourceFailure: 'wait' }, /onSourceFailure: Must be send-without, stop, or wait with a duration/],
  ])('with %j is refused at its place', async (settings, problem) => {
    expect(await problemOf(settings as { readonly [key: string]: string })).toEqual(
      typeof problem === 'string' ? problem : expect.stringMatching(problem),
    );
  });
});

describe('what is not quite YAML', () => {
  it.each([
    ['a key twice', 'id: a\nid: b\n', '2:1 “id” is here a second time; keep one of the two.'],
    ['a tab', 'sender:\n\tname: x\n', '2:1 The line begins with a tab; begin it with spaces.'],
    [
      'a colon in a text',
      'title: News: the week\n',
      '1:8 There is a colon inside the text; put the text in quotes: "…: …".',
    ],
    [
      'a star at the start of a text',
      'schedule: */5 * * * *\n',
      '1:11 Text that begins with “*” must be in quotes: "…".',
    ],
    [
      'an at-sign at the start of a text',
      'schedule: @daily\n',
      '1:11 Text that begins with “@” must be in quotes: "…".',
    ],
    ['a tag', 'title: !!js/function x\n', /^1:8 Tags such as “!something” mean nothing here/],
    ['two documents', 'id: a\n---\nid: b\n', /^2:1 A second document begins here/],
    ['a list', '- id: a\n', '1:1 Must be a group of settings.'],
    ['an open bracket', 'sources: [blog\n', /^2:1 /],
  ])('%s is pointed out', async (_, text, expected) => {
    const problems = await problemsOf({ 'content/sources.yaml': SOURCES, 'content/newsletters/a.yaml': text });
    expect(problems).toEqual([expect.stringMatching(/^content\/newsletters\/a\.yaml:/)]);
    const problem = problems[0]?.replace('content/newsletters/a.yaml:', '');
    expect(problem).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  it('an empty file lacks everything that is required', async () => {
    const problems = await problemsOf({ 'content/sources.yaml': SOURCES, 'content/newsletters/a.yaml': '' });
    expect(problems).toHaveLength(7);
    expect(problems[0]).toBe('content/newsletters/a.yaml:1:1 id: Is missing.');
  });

  it('a file that is not UTF-8 is named', async () => {
    const bytes = Uint8Array.of(0x69, 0x64, 0x3a, 0x20, 0xe9, 0x0a);
    expect(await problemsOf({ 'content/sources.yaml': SOURCES, 'content/newsletters/a.yaml': bytes })).toEqual([
      'content/newsletters/a.yaml:1:1 The file is not UTF-8; save it as UTF-8.',
    ]);
  });

  it('references that multiply without end are refused, not followed', async () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((name, index) => `${name}: &${name} [${`*${'abcdefg'[index]},`.repeat(9)}x]\n`).join('')}`;
    expect(await problemsOf({ 'content/sources.yaml': bomb, 'content/newsletters/a.yaml': aNewsletterFile() })).toEqual(
      [expect.stringContaining('too often')],
    );
  });

  it('sources that are no group, or have no kind, are pointed out', async () => {
    const sources = 'blog: posts\nnews:\n  dir: x\n"a b":\n  kind: folder\n  dir: x\n';
    expect(
      await problemsOf({ 'content/sources.yaml': sources, 'content/newsletters/a.yaml': aNewsletterFile() }),
    ).toEqual([
      'content/sources.yaml:1:7 blog: Must be a group of settings, beginning with kind: folder or feed.',
      'content/sources.yaml:3:3 news.kind: Is missing; must be folder or feed.',
      "content/sources.yaml:4:1 a b: A source's name holds letters, digits, “.”, “-” and “_” only.",
    ]);
    expect(
      await problemsOf({ 'content/sources.yaml': '- blog\n', 'content/newsletters/a.yaml': aNewsletterFile() }),
    ).toEqual(['content/sources.yaml:1:1 Must hold a name and a group of settings for each source.']);
  });
});
