/**
 * A long list of readers, all or none: its lines go into a table of this connection alone, where they are compared with the
 * readers there are, and are then written by a few statements.
 */
import { sql } from 'kysely';
import { preferencesKey } from '../domain/category.js';
import type { AddResult, ImportResult, ImportTerms, ListedReader } from '../domain/ports/audience.js';
import type { Database, Queries } from './database.js';
import { CHANGES_READER, CHANGES_SUBSCRIPTION } from './import-conditions.js';
import { applyImport } from './import-statements.js';
import { openStaging, type StagedRow, type Staging } from './staging.js';

/** How many lines are staged at once. */
const BATCH = 1_000;
/** How many lines of erased readers are named. */
const MOST_NAMED = 1_000;

export async function importReaders(
  database: Database,
  newsletter: string,
  readers: AsyncIterable<ListedReader>,
  terms: ImportTerms,
): Promise<ImportResult> {
  return openStaging(database, async (staging) => {
    await stageAll(staging, readers, terms);
    const repeated = await staging.within((db) => removeRepeated(db, staging.table));
    const erased = await staging.within((db) => removeErased(db, staging));
    const counted = { repeated, erased };
    if (terms.decide) {
      const counts = await staging.within((db) => countVerdicts(db, staging.table, newsletter));
      const result = { ...counts, ...counted, isWritten: false };
      if (!(await terms.decide(result))) return result;
    }
    return staging.write(async (trx) => {
      const counts = await countVerdicts(trx, staging.table, newsletter);
      await applyImport(trx, staging.table, newsletter, terms.now);
      return { ...counts, ...counted, isWritten: true };
    });
  });
}

async function stageAll(
  staging: Staging,
  readers: AsyncIterable<ListedReader>,
  { erasedKeys }: ImportTerms,
): Promise<void> {
  let batch: StagedRow[] = [];
  const flush = async () => {
    await staging.fill(batch);
    if (staging.hasErased) {
      await staging.fillErased(
        batch.flatMap(({ line, addressKey }) => erasedKeys(addressKey).map((key) => ({ line, key }))),
      );
    }
    batch = [];
  };
  for await (const reader of readers) {
    batch.push(rowFrom(reader));
    if (batch.length === BATCH) await flush();
  }
  await flush();
  await staging.filled();
}

function rowFrom(reader: ListedReader): StagedRow {
  return {
    line: reader.line,
    address: reader.address,
    addressKey: reader.addressKey,
    name: reader.name,
    language: reader.language ?? null,
    wishes: preferencesKey(reader.preferences),
    state: reader.state,
    consentSource: reader.consent.source,
    consentAt: reader.consent.at.getTime(),
    suppressed: reader.suppressed ?? null,
  };
}

async function removeRepeated(db: Queries, table: string): Promise<number> {
  const staged = sql.table(table);
  const { numAffectedRows } = await sql`
    delete from ${staged} where exists (
      select 1 from ${staged} as earlier
      where earlier.address_key = ${staged}.address_key and earlier.line < ${staged}.line)`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

async function removeErased(db: Queries, { table, erasedTable, hasErased }: Staging): Promise<ImportResult['erased']> {
  if (!hasErased) return { count: 0, lines: [] };
  const staged = sql.table(table);
  const isErased = sql`line in (
    select line from ${sql.table(erasedTable)} as erased
    join suppressions on suppressions.address_key = erased.key and suppressions.reason = 'erased')`;
  const { rows } = await sql<{ line: number }>`
    select line from ${staged} where ${isErased} order by line limit ${MOST_NAMED}`.execute(db);
  const { numAffectedRows } = await sql`delete from ${staged} where ${isErased}`.execute(db);
  return { count: Number(numAffectedRows ?? 0n), lines: rows.map(({ line }) => line) };
}

/** What each line would do, as `addSubscriptions` counts it. */
async function countVerdicts(db: Queries, table: string, newsletter: string): Promise<AddResult> {
  const { rows } = await sql<{ verdict: keyof AddResult; count: number }>`
    select verdict, count(*) as count from (
      select case
        when subscriptions.state = 'unsubscribed' then 'unsubscribed'
        when staged.suppressed is not null or suppressions.address_key is not null then 'suppressed'
        when subscriptions.state is null then 'added'
        when ${CHANGES_READER} or ${CHANGES_SUBSCRIPTION} then 'updated'
        else 'unchanged' end as verdict
      from ${sql.table(table)} as staged
      left join subscribers on subscribers.address_key = staged.address_key
      left join subscriptions on subscriptions.newsletter = ${newsletter} and subscriptions.subscriber = subscribers.id
      left join suppressions on suppressions.address_key = staged.address_key
    ) as verdicts group by verdict`.execute(db);
  const counts = { added: 0, updated: 0, unchanged: 0, suppressed: 0, unsubscribed: 0 };
  for (const { verdict, count } of rows) counts[verdict] = Number(count);
  return counts;
}
