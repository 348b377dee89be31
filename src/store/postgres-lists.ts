/** Many rows in one statement of a fixed text, on Postgres: one array for each of their columns. */
import { sql } from 'kysely';

/** A list of rows as one array for each of their columns. */
export type Columns<Row> = { readonly [Name in keyof Row]: readonly Row[Name][] };
export type Types<Row> = { readonly [Name in keyof Row]: 'int' | 'bigint' | 'text' };
export type Value<Values> = <Name extends keyof Values & string>(name: Name) => Values[Name];

export function columnsOf<Row>(rows: readonly Row[], types: Types<Row>): Columns<Row> {
  const names = Object.keys(types) as (keyof Row)[];
  const lists: Partial<{ [Name in keyof Row]: readonly Row[Name][] }> = {};
  for (const name of names) lists[name] = rows.map((row) => row[name]);
  return lists as Columns<Row>;
}

/** The rows as a table `given`, with the columns of `types`. */
export function given<Row extends object, Values extends Columns<Row>>(types: Types<Row>, value: Value<Values>) {
  const columns = Object.entries(types) as [keyof Row & string, string][];
  const lists = columns.map(([name, type]) => sql`${value(name)}::${sql.raw(type)}[]`);
  return sql`unnest(${sql.join(lists)}) as given(${sql.join(columns.map(([name]) => sql.id(name)))})`;
}
