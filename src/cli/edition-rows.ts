/** Editions for a terminal: the largest ones, and how many others there are, for there may be thousands. */
import { columnsOf, counted } from './io.js';

/** How many editions are listed unless all are asked for. */
const MOST_LISTED = 10;
/** More editions than this take noticeable time and space. */
const MANY = 3_000;

/** Rows of columns, the edition with most readers first. @param isAll list every edition */
export function editionRows<Edition extends { readonly readers: number }>(
  editions: readonly Edition[],
  cellsOf: (edition: Edition) => readonly string[],
  { indent, isAll }: { readonly indent: string; readonly isAll: boolean },
): string {
  const largest = [...editions].sort((one, other) => other.readers - one.readers);
  // One more row takes no more room than the line that says it is missing.
  const listed = isAll || largest.length <= MOST_LISTED + 1 ? largest : largest.slice(0, MOST_LISTED);
  const folded = largest.slice(listed.length);
  const rows = listed.map((edition) => [`${indent}${edition.readers.toLocaleString('en')}`, ...cellsOf(edition)]);
  const readers = folded.reduce((sum, edition) => sum + edition.readers, 0);
  const rest =
    folded.length === 0
      ? ''
      : `${indent}and ${folded.length.toLocaleString('en')} smaller ones, ${counted(readers, 'reader')} (--all lists them)\n`;
  const cost =
    editions.length < MANY
      ? ''
      : `${indent}Making ${editions.length.toLocaleString('en')} editions takes about ${Math.ceil(editions.length / 500)} s and ${Math.ceil((editions.length * 2) / 1000)} MB in the database.\n`;
  return columnsOf(rows) + rest + cost;
}
