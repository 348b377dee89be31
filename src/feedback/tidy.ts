/** Lists readers whom no mail reaches, and ends their subscriptions; what proves consent and bounce stays. */
import type { FeedbackStore, TidyableReader } from '../domain/ports/feedback-store.js';
import type { Clock } from '../domain/ports/host.js';

export interface TidyingDeps {
  readonly store: Pick<FeedbackStore, 'tidyable' | 'tidy'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Confirmation links have long ended by then. */
const UNCONFIRMED_MS = 90 * 24 * 60 * 60 * 1000;
const AT_ONCE = 500;

export function openTidying({ store, clock }: TidyingDeps) {
  function list(): AsyncIterable<TidyableReader> {
    return store.tidyable(new Date(clock.now().getTime() - UNCONFIRMED_MS));
  }

  /** Ends them all; gives how many subscriptions ended. */
  async function remove(): Promise<number> {
    let removed = 0;
    let some: TidyableReader[] = [];
    for await (const reader of list()) {
      some.push(reader);
      if (some.length < AT_ONCE) continue;
      removed += await store.tidy(some);
      some = [];
    }
    return removed + (await store.tidy(some));
  }

  return { list, remove };
}
