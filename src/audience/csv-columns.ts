/** The columns of a subscribers file: their names, and how a value is written so that no spreadsheet runs it as a formula. */
import { GazetteError } from '../domain/errors.js';

export const COLUMNS = [
  'email',
  'name',
  'language',
  'categories',
  'consent_source',
  'consent_at',
  'state',
  'suppressed',
] as const;
export type Column = (typeof COLUMNS)[number];

/** Names that other programs use, without spaces, hyphens, underscores and capitals. */
const ALIASES: { readonly [column in Column]: readonly string[] } = {
  email: ['email', 'mail', 'emailaddress', 'address', 'subscriberemail'],
  name: ['name', 'fullname', 'displayname', 'subscribername'],
  language: ['language', 'lang', 'locale'],
  categories: ['categories', 'category', 'tags', 'tag', 'topics', 'interests'],
  consent_source: ['consentsource', 'consent', 'source', 'optinsource', 'signupsource'],
  consent_at: ['consentat', 'consentdate', 'consenttime', 'optintime', 'optindate', 'subscribedat', 'createdat'],
  state: ['state', 'status'],
  suppressed: ['suppressed', 'suppression'],
};

export interface Header {
  /** The index of each column, from 0. */
  readonly at: ReadonlyMap<Column, number>;
  /** An export of Gazette: an apostrophe before a sign of formulas is its own. */
  readonly isOwn: boolean;
  /** Headings that are not known; their cells are not read. */
  readonly ignored: readonly string[];
  readonly width: number;
}

/** Reads the first line. Throws `import.unreadable` when it has no `email` column, or two for the same thing. */
export function headerFrom(
  cells: readonly string[],
  given: { readonly [heading: string]: Column | 'ignored' } = {},
): Header {
  const at = new Map<Column, number>();
  const names = cells.map((cell) => given[cell.trim().toLowerCase()] ?? cell.trim().toLowerCase());
  for (const column of COLUMNS) {
    const index = columnIndex(column, names);
    if (index !== undefined) at.set(column, index);
  }
  if (!at.has('email')) throw missingEmail(cells);
  const read = new Set(at.values());
  const isOwn = COLUMNS.every((column) => names.includes(column));
  return {
    at,
    isOwn,
    ignored: cells.filter((cell, index) => cell.trim() !== '' && !read.has(index)),
    width: cells.length,
  };
}

function columnIndex(column: Column, names: readonly string[]): number | undefined {
  // The exact name wins over an alias: beside `email`, `address` may be the street.
  const exact = indexesWhere(names, (name) => name === column);
  const found = exact.length > 0 ? exact : indexesWhere(names, (name) => ALIASES[column].includes(plain(name)));
  const [first, second] = found;
  if (first === undefined || second === undefined) return first;
  const both = `“${names[first]}” (column ${first + 1}) and “${names[second]}” (column ${second + 1})`;
  throw new GazetteError('import.unreadable', `The first line has two columns for ${column}: ${both}.`, {
    hint: 'Rename or remove one of them; nothing was imported.',
  });
}

function indexesWhere(names: readonly string[], isMeant: (name: string) => boolean): readonly number[] {
  return names.flatMap((name, index) => (isMeant(name) ? [index] : []));
}

function plain(name: string): string {
  return name.replace(/[\s_-]+/g, '');
}

function missingEmail(cells: readonly string[]): GazetteError {
  const isData = cells.some((cell) => cell.includes('@'));
  const seen = cells
    .slice(0, 8)
    .map((cell) => `“${cell.slice(0, 40)}”`)
    .join(', ');
  return new GazetteError(
    'import.unreadable',
    isData ? 'The first line is data, not the names of the columns.' : `No column is named “email”: ${seen}.`,
    { hint: `Start the file with the column names: ${COLUMNS.slice(0, 6).join(',')}. Nothing was imported.` },
  );
}

/** Cells that a spreadsheet would run as a formula, including those with apostrophes already in front. */
const FORMULA = /^'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/;

/** Puts an apostrophe before a cell that a spreadsheet would run as a formula. */
export function guardedCell(value: string): string {
  return FORMULA.test(value) ? `'${value}` : value;
}

/** Removes the apostrophe that `guardedCell` added. */
export function unguardedCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}
