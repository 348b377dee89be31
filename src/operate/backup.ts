/** Copies of the database: made by `backup`. A copy sends nothing until a person adopts it. */
import type { DeliveryCounts } from '../domain/delivery.js';
import { GazetteError } from '../domain/errors.js';
import type { Issue } from '../domain/issue.js';
import type { Files, Log } from '../domain/ports/host.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { Store } from '../domain/ports/storage.js';

export type AdoptReport =
  | { readonly kind: 'original' }
  | {
      readonly kind: 'adopted' | 'declined';
      readonly copiedAt: Date;
      /** Issues that were unfinished when the copy was made. Adopting pauses them: the original may have continued them. */
      readonly open: readonly UnfinishedIssue[];
    };

export interface UnfinishedIssue {
  readonly issue: Issue;
  readonly counts: DeliveryCounts;
}

export interface AdoptRequest {
  confirm(copiedAt: Date, open: readonly UnfinishedIssue[]): Promise<boolean>;
}

export interface BackupsDeps {
  readonly store: Pick<Store, 'backup' | 'copiedAt' | 'adopt'> & {
    readonly ledger: Pick<Ledger, 'unfinishedIssues' | 'counts' | 'setState'>;
  };
  readonly files: Pick<Files, 'claimPrivate' | 'remove'>;
  readonly log: Log;
}

export function openBackups({ store, files, log }: BackupsDeps) {
  /** Writes a copy that only this user can read. Throws `store.exists` rather than overwrite a file. */
  async function backup(file: string, now: Date): Promise<void> {
    try {
      await files.claimPrivate(file);
      await store.backup(file, now);
    } catch (error) {
      const isForeign = error instanceof GazetteError && error.code === 'store.exists';
      // An incomplete copy is useless and would block the next attempt.
      if (!isForeign) await files.remove(file);
      throw error;
    }
    log.info('store.backed-up', { file });
  }

  /** Makes a copy the database that sends. */
  async function adopt({ confirm }: AdoptRequest): Promise<AdoptReport> {
    const copiedAt = await store.copiedAt();
    if (!copiedAt) return { kind: 'original' };
    const open: UnfinishedIssue[] = [];
    for (const issue of [...(await store.ledger.unfinishedIssues())].reverse())
      open.push({ issue, counts: await store.ledger.counts(issue.id) });
    if (!(await confirm(copiedAt, open))) return { kind: 'declined', copiedAt, open };
    for (const { issue } of open) await store.ledger.setState(issue.id, ['frozen', 'sending'], 'paused');
    await store.adopt();
    log.warn('store.adopted', { copiedAt, paused: open.length });
    return { kind: 'adopted', copiedAt, open };
  }

  return { backup, adopt, copiedAt: store.copiedAt };
}
