/** Writes readers to a CSV file that spreadsheets open without running formulas and that the import reads without loss. */
import type { CategoryPreferences } from '../domain/category.js';
import type { SubscriberRow } from '../domain/ports/audience.js';
import { COLUMNS, type Column, guardedCell } from './csv-columns.js';

/** The file in pieces: UTF-8 text, CRLF line ends (RFC 4180), the header first. */
export async function* writeSubscribers(
  rows: AsyncIterable<SubscriberRow> | Iterable<SubscriberRow>,
): AsyncGenerator<string> {
  const { stringify } = await import('csv-stringify/sync');
  const lineOf = (cells: readonly string[]) =>
    stringify([[...cells]], { record_delimiter: '\r\n', quoted_match: /[\r\n]/ });
  yield lineOf(COLUMNS);
  for await (const row of rows) yield lineOf(COLUMNS.map((column) => guardedCell(cellsOf(row)[column])));
}

function cellsOf({ subscriber, subscription, suppressed }: SubscriberRow): { readonly [column in Column]: string } {
  return {
    email: subscriber.address,
    name: subscriber.name,
    language: subscriber.language ?? '',
    categories: categoriesCell(subscription.preferences),
    consent_source: subscription.consent.source,
    consent_at: subscription.consent.at.toISOString(),
    state: subscription.state,
    suppressed: suppressed ?? '',
  };
}

function categoriesCell(preferences: CategoryPreferences): string {
  if (preferences === undefined) return '';
  return preferences.length === 0 ? ';' : preferences.join(';');
}
