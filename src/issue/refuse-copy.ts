/**
 * Nothing leaves from a copy of the store: its original may be sending the same to the same readers. The transport asks
 * this of every mail, and notes to the editor ask it; a use case asks it as well only to refuse before it writes anything.
 */
import { GazetteError } from '../domain/errors.js';
import type { Store } from '../domain/ports/storage.js';

/** Throws `store.copy` where the store is a copy that has not been adopted. Asked anew each time: a copy may be adopted meanwhile. */
export async function refuseCopy(store: Pick<Store, 'copiedAt'>): Promise<void> {
  const copiedAt = await store.copiedAt();
  if (!copiedAt) return;
  throw new GazetteError(
    'store.copy',
    `This database is a copy, made ${copiedAt.toISOString()}: nothing is sent from it.`,
  );
}
