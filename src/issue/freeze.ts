/** Freezes a draft: composes it for the readers there are, and writes all of it in one transaction (rule: freeze). */
import type { Edition } from '../domain/edition.js';
import type { SkippedOccurrence } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { AudienceStore } from '../domain/ports/audience.js';
import type { Log } from '../domain/ports/host.js';
import type { FreezePlan, FreezeResult, Ledger } from '../domain/ports/ledger.js';
import { outcomesOfIssue } from '../select/post-outcomes.js';
import type { Draft } from './draft.js';
import { type EditionPlan, type Editions, issuePosts, type PlannedEditions, writableGroups } from './editions.js';

export interface FreezingDeps {
  readonly store: {
    readonly ledger: Pick<Ledger, 'freeze'>;
    readonly audience: Pick<AudienceStore, 'groups'>;
  };
  readonly editions: Pick<Editions, 'plan' | 'rendered'>;
  readonly log: Log;
  newId(): string;
}

export type Freezing = ReturnType<typeof openFreezing>;

export function openFreezing({ store, editions, log, newId }: FreezingDeps) {
  const { ledger, audience } = store;

  /** Composes and freezes a draft without asking anybody; nothing where no reader would get a mail (rule: freeze). */
  async function freezeDraft(draft: Draft, now: Date): Promise<FreezeResult | { readonly kind: 'no-readers' }> {
    const writable = writableGroups(await audience.groups(draft.newsletter.id, now));
    if (writable.length === 0) return { kind: 'no-readers' };
    return freeze(draft, await editions.plan(draft, writable), now);
  }

  /**
   * Everything that takes time or may fail is rendered before the transaction; in it editions are put together, those of readers who
   * came or changed meanwhile too.
   */
  async function freeze(draft: Draft, planned: PlannedEditions, now: Date): Promise<FreezeResult> {
    for await (const _ of editions.rendered(draft, planned.editions));
    const result = await ledger.freeze(freezePlan(draft, planned, now));
    if (result.kind === 'frozen') {
      const { newsletter, number, posts } = result.issue;
      log.info('issue.frozen', { newsletter, issue: number, posts: posts.length, editions: planned.editions.length });
    }
    return result;
  }

  /** The occurrences missed before it are merged into it. */
  function freezePlan(draft: Draft, { full, editions: plans, routes }: PlannedEditions, now: Date): FreezePlan {
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
        frozenAt: now,
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
      editions: renderedAgain(draft, plans),
      routes,
      async compose(groups) {
        const added = await editions.plan(draft, groups);
        const known = new Set(plans.map(({ key }) => key));
        const fresh = added.editions.filter(({ key }) => !known.has(key));
        return { editions: renderedAgain(draft, fresh), routes: added.routes };
      },
      outcomes: outcomesOfIssue(selection, number),
      skips: mergedInto(newsletter, target.occurrence, target.earlier ?? [], now),
    };
  }

  function renderedAgain(draft: Draft, plans: readonly EditionPlan[]): AsyncIterable<Edition> {
    return { [Symbol.asyncIterator]: () => editions.rendered(draft, plans) };
  }

  return { freeze, freezeDraft };
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
