/** Nothing is frozen or sent from a copy of the store: its original may be sending the same issues to the same readers. */
import { GazetteError } from '../domain/errors.js';
import type { House } from './house.js';

/** Throws `store.copy` where the store is a copy that nobody adopted. */
export async function refuseCopy({ store }: Pick<House, 'store'>): Promise<void> {
  const copiedAt = await store.copiedAt();
  if (!copiedAt) return;
  throw new GazetteError(
    'store.copy',
    `This database is a copy, made ${copiedAt.toISOString()}: nothing is sent by it.`,
  );
}
