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
import { openStaging, removeRepeated, type Staging } from './staging.js';

/** How many lines are staged at once. */
const BATCH = 1_000;
/** How many lines of erased readers are named. */
const MOST_NAMED = 1_000;

const TABLES = {
  staged: {
    line: 'int',
    address: 'text',
    addressKey: 'text',
    name: 'text',
    language: 'text',
    wishes: 'text',
    state: 'text',
    consentSource: 'text',
    consentAt: 'bigint',
    suppressed: 'text',
  },
  /** The keys under which the addresses may be kept of readers who were erased. */
  staged_erased: { line: 'int', key: 'text' },
} as const;

export async function importReaders(
  database: Database,
  newsletter: string,
  readers: AsyncIterable<ListedReader>,
  terms: ImportTerms,
): Promise<ImportResult> {
  return openStaging(database, TABLES, async (staging) => {
    const table = staging.nameOf('staged');
    // Whether any reader was ever erased: only then the lines need keys.
    const hasErased = await staging.within(isAnyErased);
    await stageAll(staging, readers, { ...terms, hasErased });
    const repeated = await staging.within((db) => removeRepeated(db, table));
    const erased = hasErased ? await staging.within((db) => removeErased(db, staging)) : NONE_ERASED;
    const counted = { repeated, erased };
    if (terms.decide) {
      const counts = await staging.within((db) => countVerdicts(db, table, newsletter));
      const result = { ...counts, ...counted, isWritten: false };
      if (!(await terms.decide(result))) return result;
    }
    return staging.write(async (trx) => {
      const counts = await countVerdicts(trx, table, newsletter);
      await applyImport(trx, table, newsletter, terms.now);
      return { ...counts, ...counted, isWritten: true };
    });
  });
}

async function stageAll(
  staging: Staging<typeof TABLES>,
  readers: AsyncIterable<ListedReader>,
  { erasedKeys, hasErased }: ImportTerms & { readonly hasErased: boolean },
): Promise<void> {
  let batch: ReturnType<typeof rowFrom>[] = [];
  const flush = async () => {
    await staging.fill('staged', batch);
    if (hasErased) {
      await staging.fill(
        'staged_erased',
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
  await staging.filled('staged');
}

function rowFrom(reader: ListedReader) {
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

async function isAnyErased(db: Queries): Promise<boolean> {
  const query = db.selectFrom('suppressions').select('address_key').where('reason', '=', 'erased').limit(1);
  return (await query.executeTakeFirst()) !== undefined;
}

const NONE_ERASED: ImportResult['erased'] = { count: 0, lines: [] };

async function removeErased(db: Queries, { nameOf }: Staging<typeof TABLES>): Promise<ImportResult['erased']> {
  const staged = sql.table(nameOf('staged'));
  const isErased = sql`line in (
    select line from ${sql.table(nameOf('staged_erased'))} as erased
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
