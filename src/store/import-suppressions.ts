/** A long list of addresses that no mail may go to, all of it or nothing. */
import { sql } from 'kysely';
import type { ListedSuppression, SuppressionTerms, SuppressResult } from '../domain/ports/audience.js';
import type { Database, Queries } from './database.js';
import { openStaging, removeRepeated } from './staging.js';

const TABLES = { suppressing: { line: 'int', addressKey: 'text', reason: 'text' } } as const;
/** How many lines are staged at once. */
const BATCH = 1_000;

export async function importSuppressions(
  database: Database,
  addresses: AsyncIterable<ListedSuppression>,
  { now, isDry = false }: SuppressionTerms,
): Promise<SuppressResult> {
  return openStaging(database, TABLES, async (staging) => {
    const table = staging.nameOf('suppressing');
    let batch: ListedSuppression[] = [];
    const flush = async () => {
      await staging.fill('suppressing', batch);
      batch = [];
    };
    for await (const address of addresses) if (batch.push(address) === BATCH) await flush();
    await flush();
    await staging.filled('suppressing');
    const repeated = await staging.within((db) => removeRepeated(db, table));
    const counts = (db: Queries) => countNew(db, table);
    if (isDry) return { ...(await staging.within(counts)), repeated };
    return staging.write(async (trx) => {
      const counted = await counts(trx);
      await sql`
        insert into suppressions (address_key, reason, suppressed_at)
        select address_key, reason, cast(${now.getTime()} as bigint) from ${sql.table(table)} where true
        order by line on conflict (address_key) do nothing`.execute(trx);
      return { ...counted, repeated };
    });
  });
}

async function countNew(db: Queries, table: string): Promise<Pick<SuppressResult, 'added' | 'unchanged'>> {
  const { rows } = await sql<{ lines: number; known: number }>`
    select count(*) as lines, count(suppressions.address_key) as known from ${sql.table(table)} as staged
    left join suppressions on suppressions.address_key = staged.address_key`.execute(db);
  const { lines = 0, known = 0 } = rows[0] ?? {};
  return { added: Number(lines) - Number(known), unchanged: Number(known) };
}
