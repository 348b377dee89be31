/** Readers who share preferences, language and what another newsletter sent them: they get the same edition. */
import { sql } from 'kysely';
import type { CountedGroup } from '../domain/ports/audience.js';
import type { ReaderGroup } from '../domain/ports/ledger.js';
import type { Queries } from './database.js';
import { ALREADY_SENT, activeReaders, skipReasonAt } from './readers.js';

type ActiveReaders = ReturnType<typeof activeReaders>;

/**
 * Readers of a newsletter as a freeze would find them, counted by preferences, language and reason for no mail.
 * @param only narrows the readers that are counted
 */
export async function countGroups(
  db: Queries,
  newsletter: string,
  now: Date,
  only: (readers: ActiveReaders) => ActiveReaders = (readers) => readers,
): Promise<readonly CountedGroup[]> {
  const readers = only(activeReaders(db, newsletter))
    .select(['subscriptions.wishes', 'subscribers.language'])
    .select([skipReasonAt(now).as('skip'), ALREADY_SENT.as('left_out'), 'switches.left_posts']);
  const rows = await db
    .selectFrom(readers.as('readers'))
    .select((eb) => ['wishes', 'language', 'left_out', 'left_posts', 'skip', eb.fn.countAll<number>().as('count')])
    .groupBy(['wishes', 'language', 'left_out', 'left_posts', 'skip'])
    .orderBy('wishes')
    // Databases differ in where they put what is absent.
    .orderBy(sql`coalesce(language, '')`)
    .orderBy('left_out')
    .orderBy(sql`coalesce(skip, '')`)
    .execute();
  return rows.map((row) => {
    const alreadySent = alreadySentFrom(row);
    return {
      preferences: row.wishes,
      ...(row.language !== null && { language: row.language }),
      ...(alreadySent && { alreadySent }),
      count: row.count,
      ...(row.skip !== null && { skip: row.skip }),
    };
  });
}

/** The posts to omit for a reader; `undefined`: none. */
export function alreadySentFrom(row: {
  readonly left_out: string;
  readonly left_posts: string | null;
}): ReaderGroup['alreadySent'] {
  return row.left_out === '' ? undefined : { key: row.left_out, uids: JSON.parse(row.left_posts ?? '[]') as string[] };
}
