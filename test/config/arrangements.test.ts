import { describe, expect, it } from 'vitest';
import { openArrangements } from '../../src/config/arrangements.js';
import { type Arrangement, NO_ARRANGEMENT } from '../../src/domain/arrangement.js';
import { GazetteError } from '../../src/domain/errors.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import { cronCalendar } from '../../src/platform/calendar.js';
import { aNewsletter } from '../support/builders.js';
import { memoryFiles, ROOT } from '../support/config-files.js';

const MONDAY = new Date('2026-11-30T08:00:00Z');
const FILE = 'content/issues/weekly/2026-11-30.yaml';
const newsletter = aNewsletter();
const twiceADay = aNewsletter({ schedule: '0 8,16 * * *' });

function aDesk(texts: { readonly [path: string]: string } = {}) {
  const files = memoryFiles(texts);
  const text = async (path: string) => {
    const bytes = await files.read(`${ROOT}/${path}`);
    return bytes && new TextDecoder().decode(bytes);
  };
  const arrangements = openArrangements({ files, calendar: cronCalendar, root: ROOT, newsletters: ['weekly'] });
  /** Reads, changes and writes, as a studio does. */
  const change = async (with_: Partial<Arrangement>, of: Newsletter = newsletter, occurrence = MONDAY) => {
    const before = await arrangements.read(of, occurrence);
    const after = { ...(before?.arrangement ?? NO_ARRANGEMENT), ...with_ };
    return arrangements.write(of, occurrence, after, before?.version);
  };
  return { ...arrangements, files, text, change };
}

async function problemsIn(text: string, of = newsletter): Promise<readonly string[]> {
  const error: unknown = await aDesk({ [FILE]: text })
    .read(of, MONDAY)
    .catch((reason: unknown) => reason);
  if (!(error instanceof GazetteError)) throw new Error('nothing was thrown');
  expect(error.code).toBe('config.invalid');
  return error.problems.map(({ where, message }) => `${where.replace(FILE, '')} ${message}`);
}

describe('The file of an arrangement', () => {
  it('is found by the local date of the occurrence, and says everything an editor can arrange', async () => {
    const live = aDesk({
      [FILE]: [
        'introduction: |\n  Good morning,\n  all of you.',
        'subject: { en: Hello, de: Hallo }',
        'pinned: [a]\norder: [c, b]\nleftOut: [d]\nbroughtIn: [e]',
        'sections:\n  b: Chemistry\n  c: other\n',
      ].join('\n'),
    });
    const read = await live.read(newsletter, MONDAY);
    expect(read).toMatchObject({ file: FILE, stem: '2026-11-30' });
    expect(read?.arrangement).toEqual({
      introduction: 'Good morning,\nall of you.',
      subject: { en: 'Hello', de: 'Hallo' },
      pinned: ['a'],
      order: ['c', 'b'],
      excluded: ['d'],
      added: ['e'],
      sections: { b: 'chemistry', c: 'other' },
    });
    expect(read?.whereOf('b')).toBe(`${FILE}:6:12`);
    expect(await live.read(newsletter, new Date('2026-12-07T08:00:00Z'))).toBeUndefined();
  });

  it('is named in the time of the newsletter, not of the host', async () => {
    const far = aNewsletter({ timezone: 'Pacific/Auckland', schedule: '0 8 * * 1' });
    const sundayInLondon = new Date('2026-11-29T19:00:00Z');
    expect(await aDesk().fileOf(far, sundayInLondon)).toBe(FILE);
  });

  it('carries the time where a day has several issues; the date alone means the first of them', async () => {
    const live = aDesk({ [FILE]: 'pinned: [morning]', [FILE.replace('.yaml', 'T1600.yaml')]: 'pinned: [evening]' });
    const evening = new Date('2026-11-30T16:00:00Z');
    expect((await live.read(twiceADay, MONDAY))?.arrangement.pinned).toEqual(['morning']);
    expect((await live.read(twiceADay, evening))?.arrangement.pinned).toEqual(['evening']);
    expect(await aDesk().fileOf(twiceADay, MONDAY)).toBe('content/issues/weekly/2026-11-30T0800.yaml');
  });

  it('may carry the time on any day, and .yml is as good; two files for one issue are an error', async () => {
    const long = FILE.replace('.yaml', 'T0800.yml');
    expect((await aDesk({ [long]: 'pinned: [a]' }).read(newsletter, MONDAY))?.stem).toBe('2026-11-30T0800');
    const both = aDesk({ [FILE]: 'pinned: [a]', [long]: 'pinned: [b]' });
    await expect(both.read(newsletter, MONDAY)).rejects.toMatchObject({ code: 'config.invalid', where: `${long}:1:1` });
  });

  it('reports all problems in file:line:column', async () => {
    expect(await problemsIn('intro: Hello\npinned: a\nsubject: 5\n')).toEqual([
      ':1:1 intro: There is no such setting.',
      ':2:9 pinned: Must be a list: [a].',
      ':3:10 subject: Must be text, or a text for each language: { en: …, de: … }.',
    ]);
    expect(await problemsIn('pined: [a]\n')).toEqual([':1:1 pined: There is no such setting. Did you mean “pinned”?']);
    expect(await problemsIn('sections: { a: chemisty }\n')).toEqual([
      ':1:16 sections.a: “weekly” has no section “chemisty”. Did you mean “chemistry”?',
    ]);
    expect(await problemsIn('pinned: [a, b, a]\nleftOut: [b]\n')).toEqual([
      ':1:16 pinned[3]: “a” is in the list twice.',
      ':2:11 leftOut[1]: “b” is in pinned as well; keep one.',
    ]);
    expect(await problemsIn('introduction: { de: Hallo }\nsubject: { en: A, EN: B }\n')).toEqual([
      ':1:15 introduction: Has no text for en, the language of “weekly”.',
      ':2:23 subject.EN: “EN” is no language code such as en or pt-BR.',
    ]);
    expect(await problemsIn('pinned: [a\n')).toHaveLength(1);
  });

  it('cannot put a second line into a header', async () => {
    const [problem] = await problemsIn('subject: "Hello\\r\\nBcc: everybody@example.org"\n');
    expect(problem).toContain('Must be one line, without control characters.');
  });

  it('that will never be used is reported, unless its day is past', async () => {
    const live = aDesk({
      'content/issues/weekly/2026-12-01.yaml': '',
      'content/issues/weekly/next.yaml': '',
      'content/issues/weekly/2025-12-02.yaml': '',
      'content/issues/wekly/2026-11-30.yaml': '',
      'content/issues/wekly/2026-12-07.yaml': '',
      'content/issues/2026-11-30.yaml': '',
      [FILE]: '',
    });
    const strays = await live.strays(newsletter, MONDAY);
    expect(strays.map(({ where, message }) => `${where} ${message}`)).toEqual([
      expect.stringMatching(/^content\/issues\/2026-11-30.yaml:1:1 The file must be in a folder/),
      'content/issues/wekly/2026-11-30.yaml:1:1 There is no newsletter “wekly”; the file will never serve. Did you mean “weekly”?',
      'content/issues/weekly/2026-12-01.yaml:1:1 “weekly” has no issue at that time; the file will never serve.',
      expect.stringMatching(/^content\/issues\/weekly\/next.yaml:1:1 The name must be the day of an issue/),
    ]);
  });

  it('can be looked for over a span of time', async () => {
    const live = aDesk({ [FILE]: '', 'content/issues/weekly/2026-12-14.yaml': '', 'content/issues/weekly/x.yaml': '' });
    const until = new Date('2026-12-14T08:00:00Z');
    expect(await live.occurrences(newsletter, new Date('2026-11-01'), until)).toEqual([MONDAY, until]);
    expect(await live.occurrences(newsletter, MONDAY, until)).toEqual([until]);
  });
});

describe('Writing an arrangement', () => {
  it('makes a file that reads back the same, with the schema for editors’ programs where it is at hand', async () => {
    const live = aDesk({ 'docs/schemas/arrangement.schema.json': '{}' });
    const written = await live.change({
      introduction: 'One line: with a colon.\n\n- and a list',
      subject: '# not a comment',
      pinned: ['https://blog.example.org/a/', '123', 'true'],
      sections: { 'https://blog.example.org/b/': 'software' },
    });
    expect(await live.text(FILE)).toBe(
      [
        '# yaml-language-server: $schema=../../../docs/schemas/arrangement.schema.json',
        'introduction: |\n  One line: with a colon.\n\n  - and a list',
        'subject: "# not a comment"',
        'pinned:\n  - https://blog.example.org/a/\n  - "123"\n  - "true"',
        'sections:\n  https://blog.example.org/b/: software\n',
      ].join('\n'),
    );
    expect((await live.read(newsletter, MONDAY))?.arrangement).toEqual(written?.arrangement);
  });

  it('leaves comments, order, quotes and indentation of a hand-edited file as they are', async () => {
    const text = [
      '# For the party.\n',
      'leftOut:\n- old # twice told',
      "# The director's wish.\npinned:\n- b\n# with a picture\n- a",
      "subject:   'Party!'   # short",
      'introduction: >\n    Come along,\n    all of you.\n',
    ].join('\n');
    const live = aDesk({ [FILE]: text });
    await live.change({});
    expect(await live.text(FILE)).toBe(text);
    await live.change({ pinned: ['a', 'c', 'b'], excluded: [], subject: 'Party on Friday' });
    expect(await live.text(FILE)).toBe(
      [
        '# For the party.\n',
        "# The director's wish.\npinned:\n# with a picture\n- a\n- c\n- b",
        "subject: 'Party on Friday' # short",
        'introduction: >\n    Come along,\n    all of you.\n',
      ].join('\n'),
    );
  });

  it('moves what was noted above a post or a key that goes to what follows', async () => {
    const live = aDesk({
      [FILE]: 'pinned:\n  - a\n  # The next two belong together.\n  - b\n  - c\n# Last.\nsubject: S\n',
    });
    await live.change({ pinned: ['a', 'c'], subject: undefined as never });
    expect(await live.text(FILE)).toBe('pinned:\n  - a\n  # The next two belong together.\n  - c\n# Last.\n');
  });

  it('keeps the comments of a file that is written in one piece', async () => {
    const live = aDesk({ [FILE]: '# Short.\n{ pinned: [ a ], leftOut: [ b ] } # and sweet\n' });
    await live.change({ pinned: ['c'], excluded: [], subject: 'S' });
    expect(await live.text(FILE)).toBe('# Short.\n{ pinned: [ c ], subject: S } # and sweet\n');
  });

  it('keeps the line ends of a file from Windows, and a last line without one', async () => {
    const live = aDesk({ [FILE]: 'pinned: [a]\r\n# end' });
    await live.change({ subject: 'S' });
    expect(await live.text(FILE)).toBe('pinned: [a]\r\n# end\r\nsubject: S\r\n');
  });

  it('takes the file away when nothing is arranged any more, unless somebody left a note in it', async () => {
    const live = aDesk();
    await live.change({ pinned: ['a'] });
    expect(await live.change({ pinned: [] })).toBeUndefined();
    expect(await live.text(FILE)).toBeUndefined();
    const noted = aDesk({ [FILE]: '# Ask the workshop.\npinned: [a]\n' });
    await noted.change({ pinned: [] });
    expect(await noted.text(FILE)).toBe('# Ask the workshop.\n');
  });

  it('is refused when the file was changed meanwhile, and loses no hand edit', async () => {
    const live = aDesk({ [FILE]: 'pinned: [a]\n' });
    const read = await live.read(newsletter, MONDAY);
    await live.files.write(`${ROOT}/${FILE}`, 'pinned: [b]\n');
    const write = (version: string | undefined) =>
      live.write(newsletter, MONDAY, { ...NO_ARRANGEMENT, pinned: ['c'] }, version);
    await expect(write(read?.version)).rejects.toMatchObject({ code: 'config.changed' });
    await expect(write(undefined)).rejects.toMatchObject({ code: 'config.changed' });
    expect(await live.text(FILE)).toBe('pinned: [b]\n');
  });

  it('lets one of two simultaneous writers win, and reports it to the other', async () => {
    const live = aDesk();
    const results = await Promise.allSettled([live.change({ pinned: ['a'] }), live.change({ pinned: ['b'] })]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await live.text(FILE)).toContain('- a');
  });

  it('writes nothing that could not be read back', async () => {
    const live = aDesk();
    await expect(live.change({ pinned: ['a'], excluded: ['a'] })).rejects.toMatchObject({ code: 'config.invalid' });
    expect(await live.text(FILE)).toBeUndefined();
  });
});
