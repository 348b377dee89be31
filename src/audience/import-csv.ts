/**
 * Reads subscribers from a CSV file (RFC 4180, and the variants that spreadsheets write): streamed, each line validated by
 * itself, none accepted without recorded consent.
 */
import { GazetteError } from '../domain/errors.js';
import { type Column, type Header, headerFrom, unguardedCell } from './csv-columns.js';
import type { ColumnMap } from './csv-presets.js';
import { recordsOf } from './csv-records.js';
import type { ByteSource } from './decode-text.js';
import {
  type CellOptions,
  type CellProblem,
  type ReadSubscription,
  stateWord,
  subscriptionFromCells,
} from './subscription-from-cells.js';

/** The result of one line. Lines count from 1; a record of several lines is at its first. */
export type ImportLine =
  | ({ readonly kind: 'subscription'; readonly line: number; readonly word?: string } & ReadSubscription)
  /** `word`: what the state column contains, in lower case. */
  | {
      readonly kind: 'refused';
      readonly line: number;
      readonly word?: string;
      readonly problems: readonly LineProblem[];
    }
  /** Columns that are not known; comes first, and only when there are any. */
  | { readonly kind: 'ignored-columns'; readonly line: number; readonly columns: readonly string[] };

/** `column` is absent where the line as a whole is wrong. */
export type LineProblem = Omit<CellProblem, 'column'> & { readonly column?: Column };

/** Reads a file line by line. Throws `import.unreadable` when it is not a table with an `email` column. */
export async function* readSubscribers(source: ByteSource, options: CellOptions): AsyncGenerator<ImportLine> {
  let header: Header | undefined;
  for await (const { line, cells } of recordsOf(source)) {
    if (header === undefined) {
      header = headerFrom(cells, options.map?.columns);
      if (options.map && !header.at.has('state')) refuseWithoutState(options.map);
      if (header.ignored.length > 0) yield { kind: 'ignored-columns', line, columns: header.ignored };
      continue;
    }
    yield lineFrom(line, cells, header, options);
  }
  if (header === undefined) throw new GazetteError('import.unreadable', 'The file is empty.');
}

/** Readers who had left would come back as active ones. */
function refuseWithoutState({ alwaysHasState, stateOtherwise }: ColumnMap): void {
  if (!alwaysHasState || stateOtherwise !== undefined) return;
  throw new GazetteError(
    'import.unreadable',
    'The file has no column with the state of its readers, which exports of that program have.',
    {
      hint: 'Name the column with --map "Heading=state", or add --state active if all of them get the newsletter. Nothing was imported.',
    },
  );
}

type ValidatedLine = Extract<ImportLine, { kind: 'subscription' | 'refused' }>;

function lineFrom(line: number, cells: readonly string[], header: Header, options: CellOptions): ValidatedLine {
  if (cells.slice(header.width).some((cell) => cell.trim() !== '')) {
    const message = `has ${cells.length} cells, but the first line has ${header.width}; is a quotation mark missing?`;
    return { kind: 'refused', line, problems: [{ message }] };
  }
  const cell = (column: Column) => {
    const written = cells[header.at.get(column) ?? -1] ?? '';
    // An address may begin with an apostrophe; without it, the mail would go to somebody else.
    return column === 'email' && !header.isOwn ? written : unguardedCell(written);
  };
  const read = subscriptionFromCells(cell, options);
  const text = stateWord(cell('state'), options);
  const word = text === undefined ? {} : { word: text };
  return 'subscription' in read
    ? { kind: 'subscription', line, ...word, ...read }
    : { kind: 'refused', line, ...word, problems: read };
}
