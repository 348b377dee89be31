import { describe, expect, it } from 'vitest';
import { CSV_PRESETS } from '../../src/audience/csv-presets.js';
import { type ImportLine, readSubscribers } from '../../src/audience/import-csv.js';
import type { CellOptions } from '../../src/audience/subscription-from-cells.js';
import { aCategory } from '../support/builders.js';

const NOW = new Date('2026-06-15T08:00:00Z');
const HEADER = 'email,name,language,categories,consent_source,consent_at';

async function linesOf(source: string | Uint8Array | readonly Uint8Array[], options: Partial<CellOptions> = {}) {
  const lines: ImportLine[] = [];
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source;
  const input = bytes instanceof Uint8Array ? bytes : streamOf(bytes);
  for await (const line of readSubscribers(input, { now: NOW, ...options })) lines.push(line);
  return lines;
}

async function* streamOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function readersOf(source: string | Uint8Array | readonly Uint8Array[], options: Partial<CellOptions> = {}) {
  const lines = await linesOf(source, { consentSource: 'paper list', ...options });
  return lines.flatMap((line) => (line.kind === 'subscription' ? [line.subscription] : []));
}

async function problemsOf(row: string, options: Partial<CellOptions> = {}): Promise<readonly string[]> {
  const lines = await linesOf(`${HEADER}\n${row}\n`, options);
  return lines.flatMap((line) =>
    line.kind === 'refused' ? line.problems.map(({ column, message }) => `${column}: ${message}`) : [],
  );
}

describe('a line', () => {
  it('becomes a subscription with its consent', async () => {
    const [line] = await linesOf(
      `${HEADER}\nReader@Example.org,Sample Reader,de,chemistry;Lab life,sign-up form,2025-09-03T10:12:00Z\n`,
    );
    expect(line).toEqual({
      kind: 'subscription',
      line: 2,
      subscription: {
        address: 'Reader@Example.org',
        addressKey: 'reader@example.org',
        name: 'Sample Reader',
        language: 'de',
        preferences: ['chemistry', 'lab-life'],
        state: 'active',
        consent: { source: 'sign-up form', at: new Date('2025-09-03T10:12:00Z') },
      },
    });
  });

  it('without categories means everything, with a lone separator nothing', async () => {
    const readers = await readersOf(
      'email,tags\na@example.org,\nb@example.org,*\nc@example.org,;\nd@example.org,x|y\n',
    );
    expect(readers.map(({ preferences }) => preferences)).toEqual([undefined, undefined, [], ['x', 'y']]);
  });

  it('is refused without a recorded consent, unless the import says how it was given', async () => {
    expect(await problemsOf('a@example.org,,,,,')).toEqual([
      'consent_source: how consent was given is missing',
      'consent_at: when consent was given is missing',
    ]);
    const [reader] = await readersOf(`${HEADER}\na@example.org\n`);
    expect(reader?.consent).toEqual({ source: 'paper list', at: NOW });
  });

  it('is refused with every problem of its cells at once', async () => {
    expect(await problemsOf('not an address,,xx_yy_zz_1,,form,2026-02-30')).toEqual([
      'email: “not an address” is not an address that mail can be sent to',
      expect.stringMatching(/^language: “xx_yy_zz_1” is not a language code/),
      expect.stringMatching(/^consent_at: “2026-02-30” is not a date/),
    ]);
  });

  it.each([
    ['2026-03-12', '2026-03-12T00:00:00.000Z'],
    ['2026-03-12 09:30', '2026-03-12T09:30:00.000Z'],
    ['2026-03-12 09:30:15.123456 +0200', '2026-03-12T07:30:15.123Z'],
    ['2026-03-12T09:30:00-05:00', '2026-03-12T14:30:00.000Z'],
    ['2026-03-12 09:30:00 UTC', '2026-03-12T09:30:00.000Z'],
    ['2026-03-12 09:30:15.123456 +0000 UTC', '2026-03-12T09:30:15.123Z'],
    ['2026-03-12 09:30:15.6 +0000 +0000', '2026-03-12T09:30:15.600Z'],
    ['2026-03-12 09:30:00 +0530 IST', '2026-03-12T04:00:00.000Z'],
    ['2026-03-12 09:30:00 -0300 -03', '2026-03-12T12:30:00.000Z'],
  ])('takes “%s” as the time of consent', async (text, at) => {
    const [reader] = await readersOf(`${HEADER}\na@example.org,,,,form,${text}\n`);
    expect(reader?.consent.at.toISOString()).toBe(at);
  });

  it.each(['12.3.2026', '2026-13-01', '2026-03-12T25:00', '2026-03-12 UTC UTC', 'yesterday', '2026-06-16'])(
    'refuses “%s” as the time of consent',
    async (text) => {
      expect(await problemsOf(`a@example.org,,,,form,${text}`)).toHaveLength(1);
    },
  );

  it('keeps an apostrophe at the beginning of its address, which only an export of Gazette adds', async () => {
    const own = 'email,name,language,categories,consent_source,consent_at,state,suppressed';
    const addressIn = async (text: string) => (await readersOf(text)).map(({ address }) => address);
    expect(await addressIn("email\n'+'@example.org\n")).toEqual(["'+'@example.org"]);
    expect(await addressIn(`${own}\n''+'@example.org,,,,paper,2026-01-01T00:00:00Z,active,\n`)).toEqual([
      "'+'@example.org",
    ]);
    expect(await addressIn(`${own}\n'+ann@example.org,,,,paper,2026-01-01T00:00:00Z,active,\n`)).toEqual([
      '+ann@example.org',
    ]);
  });

  it('keeps the state and the suppression of an export', async () => {
    const lines = await linesOf(
      'email,consent_source,consent_at,state,suppressed\na@example.org,form,2026-01-01,unsubscribed,complaint\n',
    );
    expect(lines[0]).toMatchObject({ subscription: { state: 'unsubscribed' }, suppressed: 'complaint' });
  });

  it('may only name categories of the newsletter, in any of their spellings', async () => {
    const categories = [
      { ...aCategory('chemistry'), also: ['cheminformatics'], title: { en: 'Chemistry', de: 'Chemie' } },
    ];
    const [reader] = await readersOf('email,categories\na@example.org,Chemie;CHEMINFORMATICS;other\n', { categories });
    expect(reader?.preferences).toEqual(['chemistry', 'other']);
    expect(await problemsOf('a@example.org,,,gardening,form,2026-01-01', { categories })).toEqual([
      'categories: “gardening” is not a category of the newsletter; it has chemistry',
    ]);
    expect(await problemsOf('a@example.org,,,gardening,form,2026-01-01', { categories: [] })).toEqual([
      'categories: “gardening” is not a category of the newsletter; it has no categories',
    ]);
  });

  it('has control characters, line breaks and direction marks removed from its name', async () => {
    const [reader] = await readersOf('email,name\na@example.org," Eve\u0000\r\nBcc: x\u202e\t y "\n');
    expect(reader?.name).toBe('Eve Bcc: x y');
  });

  it('has a name that is too long cut, as the sign-up form does', async () => {
    const [reader] = await readersOf(`email,name\na@example.org,${'x'.repeat(99)}👩‍👩‍👧‍👦y\n`);
    expect(reader?.name).toBe(`${'x'.repeat(99)}👩‍👩‍👧‍👦`);
  });

  it('is refused with more cells than the first line has, and may have fewer', async () => {
    const lines = await linesOf('email,name\na@example.org,Reader, Sample\nb@example.org\n', { consentSource: 'x' });
    expect(lines).toMatchObject([
      { kind: 'refused', line: 2, problems: [{ message: expect.stringContaining('has 3 cells') }] },
      { kind: 'subscription', line: 3, subscription: { name: '' } },
    ]);
  });

  it('has its state in the words of many programs, or in one that the import explains', async () => {
    const words = ['Subscribed', 'confirmed', 'unconfirmed', 'inactive', 'Cleaned', 'bounced', 'complained', 'gone'];
    const text = `email,status\n${words.map((word, nth) => `r${nth}@example.org,${word}\n`).join('')}`;
    const map = { columns: {}, states: { gone: 'unsubscribed' as const } };
    const lines = await linesOf(text, { consentSource: 'x', map });
    expect(
      lines.map((line) =>
        line.kind === 'subscription' ? [line.word, line.subscription.state, line.suppressed] : line.kind,
      ),
    ).toEqual([
      ['subscribed', 'active', undefined],
      ['confirmed', 'active', undefined],
      ['unconfirmed', 'pending', undefined],
      ['inactive', 'unsubscribed', undefined],
      ['cleaned', 'active', 'hard-bounce'],
      ['bounced', 'active', 'hard-bounce'],
      ['complained', 'unsubscribed', 'complaint'],
      ['gone', 'unsubscribed', undefined],
    ]);
    expect(await linesOf('email,status\na@example.org,moved\n', { consentSource: 'x' })).toMatchObject([
      { kind: 'refused', problems: [{ column: 'state', message: expect.stringContaining('--map-value') }] },
    ]);
  });

  it('is numbered by where it begins, with empty lines and line breaks in cells', async () => {
    const lines = await linesOf('email,name\r\n\r\n"a@example.org","two\r\nlines"\r\n\r\nbad\r\n', {
      consentSource: 'x',
    });
    expect(lines.map(({ line }) => line)).toEqual([3, 6]);
  });
});

describe('a file', () => {
  it.each([
    ['semicolons', 'email;name\na@example.org;"Reader; Sample"\n', 'Reader; Sample'],
    ['tabs', 'email\tname\na@example.org\tReader, Sample\n', 'Reader, Sample'],
    ['CR line ends', 'email,name\ra@example.org,Reader\r', 'Reader'],
    ['a byte order mark', '\ufeffemail,name\na@example.org,Reader\n', 'Reader'],
    ['no last line end', 'email,name\na@example.org,Reader', 'Reader'],
    ['quoted headings', '"E-Mail","Full Name"\na@example.org,Reader\n', 'Reader'],
    ['stray quotation marks', 'email,name\na@example.org,Reader "Q" X\n', 'Reader "Q" X'],
    ['empty lines before the headings', '\n\nemail,name\na@example.org,Reader\n', 'Reader'],
  ])('may have %s', async (_, text, name) => {
    expect((await readersOf(text)).map((reader) => [reader.address, reader.name])).toEqual([['a@example.org', name]]);
  });

  const text = 'email,name\na@example.org,Zoë Müller-Sample Österreich\nb@example.org,読者\n';
  const latin = 'email,name\na@example.org,Zoë\n';
  it.each([
    ['UTF-8', Buffer.from(text), 2],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${text}`, 'utf16le'), 2],
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le'), 2],
    ['UTF-16, the other way round', Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), 2],
    ['Windows-1252', Buffer.from(latin, 'latin1'), 1],
  ])('may be %s, also when it comes byte by byte', async (_, bytes, count) => {
    const whole = await readersOf(bytes);
    expect(whole).toHaveLength(count);
    expect(whole[0]?.name).toMatch(/^Zoë/);
    expect(await readersOf([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  it('lists the columns that are not known', async () => {
    const [line] = await linesOf('email,address,phone,consent_source\n');
    expect(line).toEqual({ kind: 'ignored-columns', line: 1, columns: ['address', 'phone'] });
  });

  it.each([
    ['is empty', '', /is empty/],
    ['names no column for the address', 'name,phone\n', /No column is named “email”: “name”, “phone”/],
    ['has no headings', 'a@example.org,Reader\n', /is data, not the names/],
    [
      'has two columns of one name',
      'email,name,Name\n',
      /two columns for name: “name” \(column 2\) and “name” \(column 3\)/,
    ],
    [
      'opens a quotation mark and never closes it',
      'email,name\na@example.org,"Reader\n',
      /line 2 on: a quotation mark/,
    ],
    ['has a line beyond all measure', `email,name\na@example.org,"${'x'.repeat(70_000)}"\n`, /longer than 64 KB/],
  ])('is refused as a whole when it %s', async (_, text, why) => {
    await expect(linesOf(text)).rejects.toMatchObject({
      code: 'import.unreadable',
      message: expect.stringMatching(why),
    });
  });

  it('is refused when its encoding changes midway', async () => {
    const bytes = Buffer.concat([Buffer.from(text), Buffer.from('c@example.org,Zo\xeb\n', 'latin1')]);
    await expect(linesOf(bytes)).rejects.toMatchObject({ message: expect.stringContaining('several text encodings') });
  });

  it('may tell Excel its separator in a first line', async () => {
    for (const first of ['sep=;', '"sep=;"', 'SEP=;']) {
      const text = `${first}\r\nemail;name\r\na@example.org;"Ann, E"\r\n`;
      expect(await linesOf(text, { consentSource: 'x' })).toMatchObject([
        { line: 3, subscription: { name: 'Ann, E' } },
      ]);
    }
  });

  it('of a program whose exports have states is not read without them, unless the import says what they are', async () => {
    const text =
      'Email,Name,Subscription date,Receiving emails for\na@example.org,Ann,2023-03-01T10:00:00.000Z,"My Letter"\n';
    const map = CSV_PRESETS.substack;
    if (!map) throw new Error('no preset');
    await expect(linesOf(text, { consentSource: 'x', map })).rejects.toMatchObject({
      code: 'import.unreadable',
      message: expect.stringContaining('no column with the state'),
      hint: expect.stringContaining('--state'),
    });
    const lines = await linesOf(text, { consentSource: 'x', map: { ...map, stateOtherwise: 'active' } });
    expect(lines.at(-1)).toMatchObject({
      subscription: { state: 'active', consent: { at: new Date('2023-03-01T10:00:00Z') } },
    });
  });

  it('of a hundred thousand readers is read in a stream', async () => {
    let made = 0;
    async function* endless() {
      yield Buffer.from('email,consent_source,consent_at\n');
      for (; made < 100_000; made += 1) yield Buffer.from(`reader${made}@example.org,form,2026-01-01\n`);
    }
    let read = 0;
    for await (const line of readSubscribers(endless(), { now: NOW })) {
      read += line.kind === 'subscription' ? 1 : 0;
      if (read === 10) expect(made).toBeLessThan(50_000);
    }
    expect(read).toBe(100_000);
  });
});
