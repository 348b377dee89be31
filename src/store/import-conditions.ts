/** What a staged line would change, in SQL: of `staged`, `subscribers` and `subscriptions`. */
import { sql } from 'kysely';

/** What a line leaves open (no name, no language) stays as it was. */
export const CHANGES_READER = sql<boolean>`(
  (staged.name <> '' and staged.name <> subscribers.name)
  or (staged.language is not null and staged.language <> coalesce(subscribers.language, '')))`;

/** Readers who have confirmed are not asked again by a list of older lines. */
export const RISES = sql<boolean>`(subscriptions.state = 'pending' and staged.state = 'active')`;

export const CHANGES_SUBSCRIPTION = sql<boolean>`(staged.wishes <> subscriptions.wishes or ${RISES})`;
