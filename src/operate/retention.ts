/** Retention: once a day, what became of single readers of old issues is forgotten; posts, editions, consent and sums stay. */
import type { AppContext } from '../app-context.js';

const DAY_MS = 86_400_000;
const LAST = 'forgot deliveries at';

/** Does nothing unless the operator has said how long records are kept. Of several processes one does it. */
export async function deleteOld({ store, clock, log, keepMs }: AppContext): Promise<void> {
  if (keepMs === undefined) return;
  const now = clock.now().getTime();
  const isMine = await store.shared.change(LAST, (last) => {
    // A clock that was ahead when it wrote this must not put it off for ever.
    const isEarly = typeof last === 'number' && last <= now && now - last < DAY_MS;
    return { after: isEarly ? last : now, result: !isEarly };
  });
  if (!isMine || (await store.copiedAt())) return;
  const forgotten = await store.ledger.forgetDeliveries(new Date(now - keepMs));
  if (forgotten.issues > 0) log.info('deliveries.forgotten', forgotten);
}
