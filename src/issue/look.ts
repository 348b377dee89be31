/** Looks at the next issue over a scratch copy of the store, so that looking changes nothing (rule: looking-changes-nothing). */
import type { Newsletter } from '../domain/newsletter.js';
import type { CountedGroup } from '../domain/ports/audience.js';
import type { Clock } from '../domain/ports/host.js';
import type { Store } from '../domain/ports/storage.js';
import type { CollectOptions, CollectReport } from './collect.js';
import type { Draft, DraftOptions } from './draft.js';
import type { NextIssues } from './next-issue.js';

export interface LookRequest extends CollectOptions {
  readonly newsletter: Newsletter;
  /** The cut-off; when absent that of the next issue as it would be sent by hand. */
  readonly now?: Date;
}

export interface LookedAt {
  readonly draft: Draft;
  readonly collected: CollectReport;
  readonly groups: readonly CountedGroup[];
  /** The moment of the look, or the cut-off that was asked for. */
  readonly at: Date;
  readonly audience: Store['audience'];
}

/** What looking needs, over one store. */
export interface LookingAt {
  collect(newsletter: Newsletter, options?: CollectOptions): Promise<CollectReport>;
  readonly nextIssues: Pick<NextIssues, 'next'>;
  readonly store: Pick<Store, 'audience' | 'close'>;
}

export interface LookDeps {
  /** Opens a scratch copy; it is closed after the look. */
  openScratch(): Promise<LookingAt>;
  readonly clock: Pick<Clock, 'now'>;
}

export type Look = ReturnType<typeof openLook>;

export function openLook({ openScratch, clock }: LookDeps) {
  return async <Result>(
    { newsletter, now: cutoff, everyPost = false, ...options }: LookRequest & DraftOptions,
    show: (looked: LookedAt) => Promise<Result>,
  ): Promise<Result> => {
    const { collect, nextIssues, store } = await openScratch();
    try {
      const collected = await collect(newsletter, options);
      const now = clock.now();
      const { draft } = await nextIssues.next(newsletter, now, { cutoff, everyPost });
      const at = cutoff ?? now;
      const groups = await store.audience.groups(newsletter.id, at);
      return await show({ draft, collected, groups, at, audience: store.audience });
    } finally {
      await store.close();
    }
  };
}
