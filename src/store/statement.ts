/** Queries of the hot path, compiled once and run many times with other values. */
import type { Compilable, CompiledQuery, QueryResult } from 'kysely';
import type { Database, Queries } from './database.js';

/** Runs a compiled query with these values, in the transaction it is given. */
export type Statement<Values, Row> = (trx: Queries, values: Values) => Promise<QueryResult<Row>> | QueryResult<Row>;

/** A placeholder for a value that is known only when the statement runs. */
class Placeholder {
  constructor(readonly name: string) {}
}

/**
 * Compiles a query whose values are named instead of given. Where the driver answers at once it is asked past the query
 * builder, whose way costs more than such a statement: a transaction holds the only connection, so none comes between.
 * @param build gets a function that names a value: `value('issue')` marks its place
 */
export function compileOnce<Values extends object, Row>(
  { direct, prepare }: Database,
  build: (value: <Name extends keyof Values & string>(name: Name) => Values[Name]) => Compilable<Row>,
): Statement<Values, Row> {
  const compiled = build((name) => new Placeholder(name) as unknown as Values[typeof name]).compile();
  if (direct) {
    const prepared = direct(compiled.sql);
    return (_trx, values) => prepared.run(parametersOf(compiled, values)) as QueryResult<Row>;
  }
  prepare?.(compiled.sql);
  return (trx, values) => trx.executeQuery({ ...compiled, parameters: parametersOf(compiled, values) });
}

function parametersOf({ parameters }: CompiledQuery<unknown>, values: object): readonly unknown[] {
  const byName = values as { readonly [name: string]: unknown };
  return parameters.map((parameter) => (parameter instanceof Placeholder ? byName[parameter.name] : parameter));
}
