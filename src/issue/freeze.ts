/** Freezes an issue: collects, drafts, asks, and writes all of it in one transaction (rule: freeze). */
import { GazetteError } from '../domain/errors.js';
import type { Issue, SkippedOccurrence } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { AudienceStore } from '../domain/ports/audience.js';
import type { Clock, Log } from '../domain/ports/host.js';
import type { FreezePlan, FreezeResult, Ledger } from '../domain/ports/ledger.js';
import type { Store } from '../domain/ports/storage.js';
import { outcomesOfIssue } from '../select/post-outcomes.js';
import type { ApprovalRecord } from './approval-record.js';
import type { CollectOptions, CollectReport } from './collect.js';
import type { Draft } from './draft.js';
import { type Editions, issuePosts, type PlannedEditions, writableGroups } from './editions.js';
import type { NextIssues } from './next-issue.js';
import type { IssuePlan, Plans } from './plan.js';
import { refuseCopy } from './refuse-copy.js';

export interface FreezeRequest extends CollectOptions {
  readonly newsletter: Newsletter;
  /** Shown the issue just before it is frozen; `false` leaves everything as it was. Asked again when the issue changed. */
  confirm(plan: IssuePlan): Promise<boolean>;
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

export interface FreezingDeps {
  readonly store: Pick<Store, 'copiedAt'> & {
    readonly ledger: Pick<Ledger, 'history' | 'freeze'>;
    readonly audience: Pick<AudienceStore, 'groups'>;
  };
  collect(newsletter: Newsletter, options?: CollectOptions): Promise<CollectReport>;
  readonly nextIssues: Pick<NextIssues, 'next'>;
  readonly editions: Editions;
  readonly plans: Pick<Plans, 'report'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  newId(): string;
}

export type Freezing = ReturnType<typeof openFreezing>;

export function openFreezing({ store, collect, nextIssues, editions, plans, clock, log, newId }: FreezingDeps) {
  const { ledger, audience } = store;

  /** Freezes the issue that leaves next by hand, once its editor confirms it. */
  async function freezeNext(request: FreezeRequest): Promise<FreezeReport> {
    await refuseCopy(store);
    const { newsletter } = request;
    const collected = await collect(newsletter, request);
    let confirmed = '';
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const { head } = await ledger.history(newsletter.id);
      const { draft, approved } = await nextIssues.next(newsletter, clock.now(), { everyPost: true });
      // The target and the posts rest on one state of the memory.
      if (draft.history.head !== head) continue;
      const groups = await audience.groups(newsletter.id, clock.now());
      const writable = draft.selection.outcome === 'issue' ? writableGroups(groups) : [];
      const planned = await editions.plan(draft, writable);
      const plan = await plans.report(draft, collected, groups, planned);
      if (plan.outcome !== 'issue') return { kind: plan.outcome, plan };
      if (writable.length === 0) return { kind: 'no-readers', plan };
      // Sign-ups between two tries change nothing an editor confirmed; other posts do.
      const shown = JSON.stringify([plan.number, plan.sections, draft.compose.arrangement]);
      if (shown !== confirmed && !(await request.confirm(plan))) return { kind: 'declined', plan };
      confirmed = shown;

      const result = await freeze(draft, planned);
      if (result.kind !== 'stale') return { ...result, ...(approved && { approved }) };
    }
    throw new GazetteError('issue.state', 'Other issues of this newsletter are being frozen all the time.', {
      hint: 'See who else is running with `gazette issues`, then try again.',
    });
  }

  /** Composes and freezes a draft without asking anybody; nothing where no reader would get a mail (rule: freeze). */
  async function freezeDraft(draft: Draft): Promise<FreezeResult | { readonly kind: 'no-readers' }> {
    const writable = writableGroups(await audience.groups(draft.newsletter.id, clock.now()));
    if (writable.length === 0) return { kind: 'no-readers' };
    return freeze(draft, await editions.plan(draft, writable));
  }

  /** Everything that takes time or may fail is rendered before the transaction; in it editions are only put together. */
  async function freeze(draft: Draft, planned: PlannedEditions): Promise<FreezeResult> {
    for await (const _ of editions.rendered(draft, planned.editions));
    const result = await ledger.freeze(freezePlan(draft, planned));
    if (result.kind === 'frozen') {
      const { newsletter, number, posts } = result.issue;
      log.info('issue.frozen', { newsletter, issue: number, posts: posts.length, editions: planned.editions.length });
    }
    return result;
  }

  /** The occurrences missed before it are merged into it. */
  function freezePlan(draft: Draft, { full, editions: plans, routes }: PlannedEditions): FreezePlan {
    const { newsletter, target, number, window, selection, arrangement } = draft;
    return {
      newsletter: newsletter.id,
      head: draft.history.head,
      issue: {
        uid: newId(),
        newsletter: newsletter.id,
        number,
        occurrence: target.occurrence,
        manual: target.manual,
        window,
        frozenAt: clock.now(),
        title: newsletter.title,
        sender: newsletter.sender,
        ...(newsletter.replyTo !== undefined && { replyTo: newsletter.replyTo }),
        onUnknownOutcome: newsletter.onUnknownOutcome,
        posts: issuePosts(full.sections),
        carriedOver: selection.carriedOver,
        ...(arrangement &&
          arrangement.usedBy === undefined && {
            arrangement: { stem: arrangement.stem, version: arrangement.version },
          }),
      },
      editions: { [Symbol.asyncIterator]: () => editions.rendered(draft, plans) },
      routes,
      outcomes: outcomesOfIssue(selection, number),
      skips: mergedInto(newsletter, target.occurrence, target.earlier ?? [], clock.now()),
    };
  }

  return { freezeNext, freezeDraft };
}

/** The records of occurrences whose posts are in the issue of a later one. */
export function mergedInto(
  newsletter: Newsletter,
  into: Date,
  earlier: readonly Date[],
  recordedAt: Date,
): readonly SkippedOccurrence[] {
  return earlier.map((occurrence) => ({
    newsletter: newsletter.id,
    occurrence,
    cutoff: occurrence,
    outcome: `merged-into(${into.toISOString()})`,
    recordedAt,
  }));
}
