/** Freezes the issue that leaves next by hand: collects, drafts, asks its editor, and freezes what was confirmed (rule: freeze). */
import { GazetteError } from '../domain/errors.js';
import type { Finding } from '../domain/finding.js';
import type { Issue } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { AudienceStore } from '../domain/ports/audience.js';
import type { Clock } from '../domain/ports/host.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { Store } from '../domain/ports/storage.js';
import type { ApprovalRecord } from './approval-record.js';
import type { CheckDraft } from './check.js';
import type { CollectOptions, CollectReport } from './collect.js';
import type { Freezing } from './freeze.js';
import type { NextIssues } from './next-issue.js';
import type { IssuePlan, Plans } from './plan.js';
import { refuseCopy } from './refuse-copy.js';

export interface FreezeRequest extends CollectOptions {
  readonly newsletter: Newsletter;
  /**
   * Shown the issue just before it is frozen; `false` leaves everything as it was. Asked again when the issue changed.
   * @param check what an editor should fix in it
   */
  confirm(plan: IssuePlan, check: () => Promise<readonly Finding[]>): Promise<boolean>;
}

export type FreezeReport = Frozen | NotFrozen;
export interface Frozen {
  readonly kind: 'frozen' | 'exists';
  readonly issue: Issue;
  /** The approval that covers the issue; absent where this content is not approved. */
  readonly approved?: ApprovalRecord;
}
export interface NotFrozen {
  readonly kind: 'nothing-new' | 'too-few' | 'no-readers' | 'declined';
  readonly plan: IssuePlan;
}

/** How often a freeze may find that somebody else froze in between before it gives up. */
const MOST_TRIES = 8;

export interface FreezeNextDeps {
  readonly store: Pick<Store, 'copiedAt'> & {
    readonly ledger: Pick<Ledger, 'history'>;
    readonly audience: Pick<AudienceStore, 'groups'>;
  };
  collect(newsletter: Newsletter, options?: CollectOptions): Promise<CollectReport>;
  readonly nextIssues: Pick<NextIssues, 'next'>;
  readonly plans: Pick<Plans, 'report'>;
  readonly checkDraft: CheckDraft;
  readonly freeze: Freezing['freeze'];
  readonly clock: Pick<Clock, 'now'>;
}

export function openFreezeNext(deps: FreezeNextDeps) {
  const { store, collect, nextIssues, plans, checkDraft, freeze, clock } = deps;
  const { ledger, audience } = store;

  /** Freezes the issue that leaves next by hand, once its editor confirms it. */
  return async function freezeNext(request: FreezeRequest): Promise<FreezeReport> {
    await refuseCopy(store);
    const { newsletter } = request;
    const collected = await collect(newsletter, request);
    let confirmed = '';
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const { head } = await ledger.history(newsletter.id);
      // Each try is a new look: the issue that another process froze meanwhile may have a later cut-off.
      const now = clock.now();
      const { draft, approved } = await nextIssues.next(newsletter, now, { everyPost: true });
      // The target and the posts rest on one state of the memory.
      if (draft.history.head !== head) continue;
      const groups = await audience.groups(newsletter.id, now);
      const { plan, planned } = await plans.report(draft, collected, groups);
      if (plan.outcome !== 'issue') return { kind: plan.outcome, plan };
      if (planned.routes.length === 0) return { kind: 'no-readers', plan };
      // Sign-ups between two tries change nothing an editor confirmed; other posts do.
      const shown = JSON.stringify([plan.number, plan.sections, draft.compose.arrangement]);
      const check = () => checkDraft({ draft, groups, collected }, request, now);
      if (shown !== confirmed && !(await request.confirm(plan, check))) return { kind: 'declined', plan };
      confirmed = shown;

      const result = await freeze(draft, planned, now);
      if (result.kind !== 'stale') return { ...result, ...(approved && { approved }) };
    }
    throw new GazetteError('issue.state', 'Other issues of this newsletter are being frozen all the time.', {
      hint: 'See who else is running with `gazette issues`, then try again.',
    });
  };
}
