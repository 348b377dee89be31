/** What a migration is: one step of the schema, run once, in order, never changed after its release. */
import type { Kysely } from 'kysely';

/** Which database is underneath, for the few places where they differ. */
export type Engine = 'sqlite' | 'postgres';

export interface Migration {
  readonly name: string;
  /** Runs inside the migration's transaction. */
  up(db: Kysely<unknown>, engine: Engine): Promise<void>;
}
