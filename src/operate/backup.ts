/** Copies of the store: made by `backup`, refused by whatever sends until a person adopts them. */

import type { AppContext } from '../app-context.js';
import { GazetteError } from '../domain/errors.js';
import type { IssueLine } from '../sending/issues.js';

/** Writes a copy that sends nothing until it is adopted, and that only this user can read. Throws `store.exists`. */
export async function backupStore(deps: AppContext, file: string): Promise<void> {
  try {
    await deps.files.claimPrivate(file);
    await deps.store.backup(file, deps.clock.now());
  } catch (error) {
    const isOthers = error instanceof GazetteError && error.code === 'store.exists';
    // What was begun of a copy is of no use, and would stand in the way of the next try.
    if (!isOthers) await deps.files.remove(file);
    throw error;
  }
  deps.log.info('store.backed-up', { file });
}

export type AdoptReport =
  | { readonly kind: 'original' }
  | {
      readonly kind: 'adopted' | 'declined';
      readonly copiedAt: Date;
      /** Issues that were open when the copy was made. Adopting pauses them: the original may have gone on since. */
      readonly open: readonly IssueLine[];
    };

export interface AdoptRequest {
  confirm(copiedAt: Date, open: readonly IssueLine[]): Promise<boolean>;
}

/** Makes a copy the one that sends. */
export async function adoptCopy(deps: AppContext, { confirm }: AdoptRequest): Promise<AdoptReport> {
  const copiedAt = await deps.store.copiedAt();
  if (!copiedAt) return { kind: 'original' };
  const lines = await deps.sending.list();
  const open = lines.filter(({ issue }) => ['frozen', 'sending', 'paused'].includes(issue.state));
  if (!(await confirm(copiedAt, open))) return { kind: 'declined', copiedAt, open };
  for (const { issue } of open) await deps.store.ledger.setState(issue.id, ['frozen', 'sending'], 'paused');
  await deps.store.adopt();
  deps.log.warn('store.adopted', { copiedAt, paused: open.length });
  return { kind: 'adopted', copiedAt, open };
}
