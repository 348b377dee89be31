/**
 * Text in the order of its bytes on Postgres, as on SQLite: lists come out alike on both, whatever the language of the
 * database, and an update of the system's locales damages no index.
 */
import { type Kysely, sql } from 'kysely';

/** Gives every text column of this schema that collation; a column that has it is left alone. */
export async function useByteOrder(db: Kysely<never>): Promise<void> {
  const { rows } = await sql<{ statement: string }>`
    select format('alter table %I ', pg_class.relname)
      || string_agg(format('alter column %I type text collate "C"', pg_attribute.attname), ', ') as statement
    from pg_attribute
    join pg_class on pg_class.oid = pg_attribute.attrelid
    where pg_class.relkind = 'r' and pg_class.relnamespace = current_schema()::regnamespace
      and pg_attribute.attnum > 0 and not pg_attribute.attisdropped
      and pg_attribute.atttypid = 'text'::regtype and pg_attribute.attcollation = (
        select oid from pg_collation where collname = 'default')
    group by pg_class.relname
    order by pg_class.relname`.execute(db);
  for (const { statement } of rows) await sql.raw(statement).execute(db);
}
