/** Reads addresses that must get no mail from a file: CSV with a heading, or a plain list of one address a line. */
import { addressFrom } from '../domain/address.js';
import { GazetteError } from '../domain/errors.js';
import { plainLine, SUPPRESSION_REASONS, type SuppressionReason } from '../domain/subscriber.js';
import { headerFrom, unguardedCell } from './csv-columns.js';
import { recordsOf } from './csv-records.js';
import type { ByteSource } from './decode-text.js';

export type SuppressionLine =
  | {
      readonly kind: 'suppression';
      readonly line: number;
      readonly addressKey: string;
      readonly reason: SuppressionReason;
      /** What the file says of the reason, where that is no word for one. */
      readonly otherWord?: string;
    }
  | { readonly kind: 'refused'; readonly line: number; readonly message: string }
  /** Columns that are not read; comes first, and only when there are any. */
  | { readonly kind: 'ignored-columns'; readonly line: number; readonly columns: readonly string[] };

/** Words of mail providers, by their letters alone. */
const WORDS: { readonly [word: string]: SuppressionReason } = {
  ...Object.fromEntries(
    SUPPRESSION_REASONS.filter((reason) => reason !== 'erased').map((reason) => [lettersOf(reason), reason]),
  ),
  bounce: 'hard-bounce',
  bounced: 'hard-bounce',
  bounces: 'hard-bounce',
  invalid: 'hard-bounce',
  softbounce: 'soft-bounces',
  complained: 'complaint',
  complaints: 'complaint',
  spam: 'complaint',
  spamcomplaint: 'complaint',
  spamreport: 'complaint',
  abuse: 'complaint',
  manualsuppression: 'manual',
  unsubscribe: 'manual',
  unsubscribed: 'manual',
  unsubscribes: 'manual',
};

/** Headings for the reason, beside those of a file of readers. */
const HEADINGS = {
  reason: 'suppressed',
  'suppression reason': 'suppressed',
  suppressionreason: 'suppressed',
  suppression_reason: 'suppressed',
} as const;

const LONGEST_WORD = 60;

/** Reads a file line by line. Throws `import.unreadable` when it is no table, or has no column of addresses. */
export async function* readSuppressions(source: ByteSource): AsyncGenerator<SuppressionLine> {
  let places: Places | undefined;
  for await (const { line, cells } of recordsOf(source)) {
    if (places === undefined) {
      places = placesIn(cells);
      if (places.ignored.length > 0) yield { kind: 'ignored-columns', line, columns: places.ignored };
      if (places.isHeading) continue;
    }
    yield lineFrom(line, cells, places);
  }
  if (places === undefined) throw new GazetteError('import.unreadable', 'The file is empty.');
}

interface Places {
  readonly isHeading: boolean;
  readonly address: number;
  readonly reason: number | undefined;
  readonly ignored: readonly string[];
}

/** A first line with an address in front is no heading: the reason may be behind it. */
function placesIn(cells: readonly string[]): Places {
  if (cells[0]?.includes('@')) return { isHeading: false, address: 0, reason: 1, ignored: [] };
  const { at } = headerFrom(cells, HEADINGS);
  const [address = 0, reason] = [at.get('email'), at.get('suppressed')];
  const ignored = cells.filter((cell, index) => cell.trim() !== '' && index !== address && index !== reason);
  return { isHeading: true, address, reason, ignored };
}

function lineFrom(line: number, cells: readonly string[], places: Places): SuppressionLine {
  const cell = (place: number | undefined) => (place === undefined ? '' : unguardedCell(cells[place] ?? '').trim());
  const text = cell(places.address);
  const address = addressFrom(text);
  if (!address) {
    const message =
      text === '' ? 'the address is missing' : `“${shown(text)}” is not an address that mail can be sent to`;
    return { kind: 'refused', line, message };
  }
  const word = cell(places.reason);
  const known = WORDS[lettersOf(word)];
  const otherWord = word === '' || known ? {} : { otherWord: shown(word) };
  return { kind: 'suppression', line, addressKey: address.key, reason: known ?? 'manual', ...otherWord };
}

function lettersOf(word: string): string {
  return word.toLowerCase().replace(/[^a-z]/g, '');
}

function shown(text: string): string {
  const line = plainLine(text);
  return line.length > LONGEST_WORD ? `${line.slice(0, LONGEST_WORD)}…` : line;
}
