/** Looks at the next issue over a scratch copy of the store, so that looking changes nothing (rule: looking-changes-nothing). */
import type { Newsletter } from '../domain/newsletter.js';
import type { CountedGroup } from '../domain/ports/audience.js';
import type { Store } from '../domain/ports/storage.js';
import type { CollectOptions, CollectReport } from './collect.js';
import type { Draft, DraftOptions } from './draft.js';
import type { NextIssues } from './next-issue.js';
import type { Readings } from './read-sources.js';

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
  readonly nextIssues: Pick<NextIssues, 'next'>;
  readonly store: Pick<Store, 'audience' | 'close'>;
  /** Remembers what was read of a newsletter's sources. */
  remember(newsletter: Newsletter, readings: Readings, options: CollectOptions): Promise<CollectReport>;
}

export interface LookDeps {
  readonly original: Pick<LookingAt, 'nextIssues' | 'store'>;
  read(newsletter: Newsletter, now: Date, options: CollectOptions): Promise<Readings>;
  /** What there is to report of readings that change nothing; `undefined`: they do. */
  reportUnchanged(newsletter: Newsletter, readings: Readings): Promise<CollectReport | undefined>;
  /** Opens a scratch copy without readers; it is closed after the look. */
  openScratch(): Promise<LookingAt>;
}

export type Look = ReturnType<typeof openLook>;

export function openLook({ original, read, reportUnchanged, openScratch }: LookDeps) {
  return async <Result>(
    { newsletter, now: cutoff, everyPost = false, ...options }: LookRequest & DraftOptions,
    now: Date,
    show: (looked: LookedAt) => Promise<Result>,
  ): Promise<Result> => {
    const readings = await read(newsletter, now, options);
    const { audience } = original.store;
    const shown = async ({ nextIssues }: Pick<LookingAt, 'nextIssues'>, collected: CollectReport) => {
      const { draft } = await nextIssues.next(newsletter, now, { cutoff, everyPost });
      const at = cutoff ?? now;
      return show({ draft, collected, groups: await audience.groups(newsletter.id, at), at, audience });
    };
    const unchanged = await reportUnchanged(newsletter, readings);
    if (unchanged) return shown(original, unchanged);
    const scratch = await openScratch();
    try {
      return await shown(scratch, await scratch.remember(newsletter, readings, options));
    } finally {
      await scratch.store.close();
    }
  };
}
