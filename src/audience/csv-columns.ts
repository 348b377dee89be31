/** The columns of a subscribers file: what they are called, and how a value is written so that no spreadsheet runs it. */
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
  /** Where each column stands, from 0. */
  readonly at: ReadonlyMap<Column, number>;
  /** Headings that mean nothing here; their cells are not read. */
  readonly ignored: readonly string[];
  readonly width: number;
}

/** Reads the first line. Throws `import.unreadable` when it does not name an `email` column, or names one twice. */
export function headerFrom(
  cells: readonly string[],
  given: { readonly [heading: string]: Column | 'ignored' } = {},
): Header {
  const at = new Map<Column, number>();
  // A heading that a person mapped goes by the column they named.
  const names = cells.map((cell) => given[cell.trim().toLowerCase()] ?? cell.trim().toLowerCase());
  for (const column of COLUMNS) {
    const index = columnIndex(column, names);
    if (index !== undefined) at.set(column, index);
  }
  if (!at.has('email')) throw missingEmail(cells);
  const read = new Set(at.values());
  return { at, ignored: cells.filter((cell, index) => cell.trim() !== '' && !read.has(index)), width: cells.length };
}

function columnIndex(column: Column, names: readonly string[]): number | undefined {
  // The column's own name wins over other words for it: `address` may be the street where `email` is there too.
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
    isData ? 'The first line holds a reader, not the names of the columns.' : `No column is named “email”: ${seen}.`,
    { hint: `Let the first line name the columns: ${COLUMNS.slice(0, 6).join(',')}. Nothing was imported.` },
  );
}

/** Cells that a spreadsheet would run as a formula, with any marks already before them. */
const FORMULA = /^'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/;

/** Marks a cell that a spreadsheet would take for a formula with a leading apostrophe. */
export function guardedCell(value: string): string {
  return FORMULA.test(value) ? `'${value}` : value;
}

/** Takes back what `guardedCell` added. */
export function unguardedCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}
