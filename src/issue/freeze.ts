/** Freezes an issue: collects, drafts, asks, and writes all of it in one transaction (rule: freeze). */
import { GazetteError } from '../domain/errors.js';
import type { Issue, SkippedOccurrence } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { FreezePlan, FreezeResult } from '../domain/ports/storage.js';
import { outcomesOfIssue } from '../select/post-outcomes.js';
import type { AppContext } from './app-context.js';
import { type CollectOptions, collectPosts } from './collect.js';
import {
  type ComposedIssue,
  composeIssue,
  type Draft,
  draftIssue,
  fullDigest,
  type IssueTarget,
  issuePosts,
} from './draft.js';
import { type IssuePlan, reportPlan, writableGroups } from './plan.js';
import { refuseCopy } from './refuse-copy.js';

export interface FreezeRequest extends CollectOptions {
  readonly newsletter: Newsletter;
  /** Which issue; a function is asked once the sources are read, and again when something changed meanwhile. */
  readonly target: IssueTarget | (() => Promise<IssueTarget>);
  /** Shown the issue just before it is frozen; `false` leaves everything as it was. Asked again when the issue changed. */
  confirm(plan: IssuePlan): Promise<boolean>;
}

export type FreezeReport = Frozen | NotFrozen;
export interface Frozen {
  readonly kind: 'frozen' | 'exists';
  readonly issue: Issue;
}
export interface NotFrozen {
  readonly kind: 'nothing-new' | 'too-few' | 'declined';
  readonly plan: IssuePlan;
}

/** How often a freeze may find that somebody else froze in between before it gives up. */
const MOST_TRIES = 8;

export async function freezeIssue(deps: AppContext, request: FreezeRequest): Promise<FreezeReport> {
  await refuseCopy(deps);
  const { newsletter } = request;
  const { ledger } = deps.store;
  const collected = await collectPosts(deps, deps.store, newsletter, request);
  let confirmed = '';
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const { head } = await ledger.history(newsletter.id);
    const target = typeof request.target === 'function' ? await request.target() : request.target;
    const draft = await draftIssue(deps, deps.store, newsletter, target);
    // The occasion and the posts rest on one state of the memory.
    if (draft.history.head !== head) continue;
    const groups = await deps.store.audience.groups(newsletter.id, deps.clock.now());
    const isIssue = draft.selection.outcome === 'issue';
    const composed = isIssue ? await composeIssue(deps, draft, writableGroups(groups)) : { editions: [], routes: [] };
    const plan = await reportPlan(deps, draft, collected, groups, composed);
    if (plan.outcome !== 'issue') return { kind: plan.outcome, plan };
    // Sign-ups between two tries change nothing an editor confirmed; other posts do.
    const shown = JSON.stringify([plan.number, plan.sections, draft.compose.arrangement]);
    if (shown !== confirmed && !(await request.confirm(plan))) return { kind: 'declined', plan };
    confirmed = shown;

    const result = await ledger.freeze(await freezePlan(deps, draft, composed));
    if (result.kind === 'stale') continue;
    if (result.kind === 'frozen') reportFrozen(deps, result.issue, plan);
    return result;
  }
  throw new GazetteError('issue.state', 'Other issues of this newsletter are being frozen all the time.', {
    hint: 'Look who else is running with `gazette issues`, then try again.',
  });
}

/** Composes and freezes a draft that nobody is asked about. */
export async function freezeDraft(deps: AppContext, draft: Draft): Promise<FreezeResult> {
  const { newsletter } = draft;
  const groups = await deps.store.audience.groups(newsletter.id, deps.clock.now());
  const composed = await composeIssue(deps, draft, writableGroups(groups));
  const result = await deps.store.ledger.freeze(await freezePlan(deps, draft, composed));
  if (result.kind === 'frozen') {
    const { number, posts } = result.issue;
    const editions = composed.editions.length;
    deps.log.info('issue.frozen', { newsletter: newsletter.id, issue: number, posts: posts.length, editions });
  }
  return result;
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

/** The occurrences missed before it are merged into it. */
async function freezePlan(deps: AppContext, draft: Draft, composed: ComposedIssue): Promise<FreezePlan> {
  const { newsletter, target, number, window, selection, arrangement } = draft;
  const { sections } = await fullDigest(deps, draft);
  return {
    newsletter: newsletter.id,
    head: draft.history.head,
    issue: {
      uid: deps.newId(),
      newsletter: newsletter.id,
      number,
      occurrence: target.occurrence,
      manual: target.manual,
      window,
      frozenAt: deps.clock.now(),
      title: newsletter.title,
      sender: newsletter.sender,
      ...(newsletter.replyTo !== undefined && { replyTo: newsletter.replyTo }),
      inDoubt: newsletter.inDoubt,
      posts: issuePosts(sections),
      heldOver: selection.heldOver,
      ...(arrangement &&
        arrangement.usedBy === undefined && {
          arrangement: { stem: arrangement.stem, version: arrangement.version },
        }),
    },
    ...composed,
    outcomes: outcomesOfIssue(selection, number),
    skips: mergedInto(newsletter, target.occurrence, target.earlier ?? [], deps.clock.now()),
  };
}

function reportFrozen(deps: AppContext, issue: Issue, plan: IssuePlan): void {
  deps.log.info('issue.frozen', {
    newsletter: issue.newsletter,
    issue: issue.number,
    posts: issue.posts.length,
    editions: plan.editions.length,
    readers: plan.readers.planned,
  });
}
