/** Retention: once a day, the outcome of each delivery of old issues is deleted. Posts, editions, consent and counts are kept. */
import type { Log } from '../domain/ports/host.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { Store } from '../domain/ports/storage.js';

export interface RetentionDeps {
  readonly store: Pick<Store, 'shared' | 'copiedAt'> & { readonly ledger: Pick<Ledger, 'forgetDeliveries'> };
  /** How long outcomes are kept; absent: for ever. */
  readonly keepMs?: number;
  readonly log: Log;
}

const DAY_MS = 86_400_000;
const LAST = 'forgot deliveries at';

export function openRetention({ store, keepMs, log }: RetentionDeps) {
  /** Deletes what is older than the operator wants to keep, at most once a day among all processes. */
  async function deleteOld(at: Date): Promise<void> {
    if (keepMs === undefined) return;
    const now = at.getTime();
    const isMine = await store.shared.change(LAST, (last) => {
      // A clock that was ahead when it wrote this must not postpone it for ever.
      const isEarly = typeof last === 'number' && last <= now && now - last < DAY_MS;
      return { after: isEarly ? last : now, result: !isEarly };
    });
    if (!isMine || (await store.copiedAt())) return;
    const forgotten = await store.ledger.forgetDeliveries(new Date(now - keepMs));
    if (forgotten.issues > 0) log.info('deliveries.forgotten', forgotten);
  }

  return { deleteOld };
}
