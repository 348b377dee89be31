import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeSubscribers } from '../../src/audience/export-csv.js';
import { readSubscribers } from '../../src/audience/import-csv.js';
import { addressFrom } from '../../src/domain/address.js';
import { categoryKey } from '../../src/domain/category.js';
import type { SubscriberRow } from '../../src/domain/ports/audience.js';
import { plainLine } from '../../src/domain/subscriber.js';

const NOW = new Date('2026-06-15T08:00:00Z');

function aRow(with_: Partial<SubscriberRow['subscriber']> = {}, more: Partial<SubscriberRow> = {}): SubscriberRow {
  return {
    subscriber: { id: 1, address: 'reader@example.org', name: '', ...with_ },
    subscription: {
      newsletter: 'weekly',
      state: 'active',
      preferences: undefined,
      consent: { source: 'sign-up form', at: new Date('2026-01-01T00:00:00Z') },
    },
    ...more,
  };
}

async function written(rows: readonly SubscriberRow[]): Promise<string> {
  let text = '';
  for await (const piece of writeSubscribers(rows)) text += piece;
  return text;
}

async function readBack(rows: readonly SubscriberRow[]): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  const bytes = new TextEncoder().encode(await written(rows));
  for await (const read of readSubscribers(bytes, { now: NOW })) {
    if (read.kind !== 'subscription') continue;
    const { line: _, word: __, ...rest } = read;
    found.push(rest);
  }
  return found;
}

describe('an export', () => {
  it('is a table with CRLF line ends', async () => {
    expect(await written([aRow({ name: 'Reader, "Q"' })])).toBe(
      'email,name,language,categories,consent_source,consent_at,state,suppressed\r\n' +
        'reader@example.org,"Reader, ""Q""",,,sign-up form,2026-01-01T00:00:00.000Z,active,\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', "'=1", '＝1'])(
    'never begins a cell with “%s”',
    async (name) => {
      const line = (await written([aRow({ name })])).slice(80);
      expect(line).toMatch(/,"?'/);
    },
  );

  it('leaves harmless apostrophes alone', async () => {
    expect(await written([aRow({ name: "'Tis Sample" })])).toContain(",'Tis Sample,");
  });
});

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'=+-@\'"\t\r\n,;| a\\'),
    fc.constantFrom('é', '読', '\ufeff', '\u202e'),
    fc.string({ unit: 'grapheme', maxLength: 1 }),
  ),
  maxLength: 30,
});
const addresses = fc
  .string({ unit: fc.constantFrom(..."abc=+-'{}|~é読"), minLength: 1, maxLength: 12 })
  .map((local) => addressFrom(`${local}@example.org`)?.address)
  .filter((address) => address !== undefined);
const rows = fc.record({
  address: addresses,
  name: hostile.map(plainLine),
  language: fc.constantFrom(undefined, 'de', 'pt-BR'),
  preferences: fc.option(
    fc.uniqueArray(
      hostile
        .map((text) => categoryKey(plainLine(text)).replace(/[,;|*]/g, ''))
        .filter((key) => key !== '' && plainLine(key) === key && categoryKey(key) === key),
    ),
    { nil: undefined },
  ),
  state: fc.constantFrom('active' as const, 'pending' as const, 'unsubscribed' as const),
  source: hostile.map(plainLine).filter((source) => source !== ''),
  at: fc.date({ min: new Date('1990-01-01T00:00:00Z'), max: NOW, noInvalidDate: true }),
  suppressed: fc.constantFrom(undefined, 'hard-bounce' as const, 'complaint' as const),
});

it('comes back unchanged from the import, even with hostile values', async () => {
  const audiences = fc.uniqueArray(rows, { selector: ({ address }) => addressFrom(address)?.key, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(audiences, async (audience) => {
      const exported = audience.map(({ address, name, language, preferences, state, source, at, suppressed }) =>
        aRow(
          { address, name, ...(language && { language }) },
          {
            subscription: { newsletter: 'weekly', state, preferences, consent: { source, at } },
            ...(suppressed && { suppressed }),
          },
        ),
      );
      const expected = audience.map(({ address, name, language, preferences, state, source, at, suppressed }) => ({
        kind: 'subscription',
        subscription: {
          address,
          addressKey: addressFrom(address)?.key,
          name,
          ...(language && { language }),
          preferences,
          state,
          consent: { source, at },
        },
        ...(suppressed && { suppressed }),
      }));
      expect(await readBack(exported)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
