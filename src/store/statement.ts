/** Queries of the hot path, compiled once and run many times with other values. */
import type { Compilable, CompiledQuery, QueryResult } from 'kysely';
import type { Queries } from './database.js';

/** Runs a compiled query with these values. */
export type Statement<Values, Row> = (queries: Queries, values: Values) => Promise<QueryResult<Row>>;

/** Stands for a value that is known only when the statement runs. */
class Placeholder {
  constructor(readonly name: string) {}
}

/**
 * Compiles a query whose values are named instead of given.
 * @param build gets a function that names a value: `value('issue')` stands where the value will stand
 */
export function compileOnce<Values extends object, Row>(
  build: (value: <Name extends keyof Values & string>(name: Name) => Values[Name]) => Compilable<Row>,
): Statement<Values, Row> {
  const compiled = build((name) => new Placeholder(name) as unknown as Values[typeof name]).compile();
  return (queries, values) => queries.executeQuery(filled(compiled, values));
}

function filled<Row>(compiled: CompiledQuery<Row>, values: object): CompiledQuery<Row> {
  const byName = values as { readonly [name: string]: unknown };
  const parameters = compiled.parameters.map((parameter) =>
    parameter instanceof Placeholder ? byName[parameter.name] : parameter,
  );
  return { ...compiled, parameters };
}
