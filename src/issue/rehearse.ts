/** Replays a newsletter's schedule over its archive: each issue it would have made, and what it would never carry. */
import type { Newsletter } from '../domain/newsletter.js';
import type { Calendar } from '../domain/ports/host.js';
import type { Store } from '../domain/ports/storage.js';
import { type KnownPost, publicId } from '../domain/post.js';
import { type OutReason, reasonText, type Selection } from '../domain/selection.js';
import { outcomesOfIssue, outcomesOfSkip } from '../select/post-outcomes.js';
import type { CollectOptions, CollectReport } from './collect.js';
import { decidePosts } from './draft.js';
import { type IssueTarget, scheduledTarget } from './target.js';

export interface RehearsedIssue {
  readonly occurrence: Date;
  readonly number: number;
  readonly posts: readonly { readonly id: string; readonly title: string }[];
}

export interface Rehearsal {
  readonly issues: readonly RehearsedIssue[];
  /** Posts that no rehearsed issue carried; `window-open`: they wait for an occurrence after the last one. */
  readonly never: readonly { readonly id: string; readonly reason: string }[];
  readonly occurrences: number;
}

export interface RehearseRequest {
  readonly newsletter: Newsletter;
  readonly from: Date;
  readonly to: Date;
}

export interface RehearsalDeps {
  /** Opens an empty store and a way to collect into it. */
  openEmpty(): Promise<{
    readonly store: Store;
    collect(newsletter: Newsletter, options: CollectOptions): Promise<CollectReport>;
  }>;
  readonly calendar: Calendar;
  newId(): string;
}

/** Rehearses on an empty store; takes each post as first seen at its publication. */
export async function rehearse(deps: RehearsalDeps, { newsletter, from, to }: RehearseRequest): Promise<Rehearsal> {
  const { collect, store } = await deps.openEmpty();
  try {
    const collected = await collect(newsletter, { since: sinceOf(deps.calendar, newsletter, from) });
    const { posts } = await store.posts.known(newsletter.sources.map(({ name }) => name));
    const fresh = posts.map(({ newsAt: _, ...known }) => known);
    const issues: RehearsedIssue[] = [];
    let occurrences = 0;
    let last: { selection: Selection; target: IssueTarget } | undefined;
    for (const occurrence of occurrencesOf(deps.calendar, newsletter, from, to)) {
      occurrences += 1;
      const target = scheduledTarget(occurrence);
      const selection = await rehearseOne(deps, store, newsletter, target, fresh);
      last = { selection, target };
      if (selection.outcome === 'issue') issues.push(rehearsedIssue(occurrence, issues.length + 1, selection));
    }
    return { issues, never: neverCarried(fresh, issues, last, collected), occurrences };
  } finally {
    await store.close();
  }
}

/** Where the first rehearsed issue begins to look, or earlier. */
function sinceOf(calendar: Calendar, { schedule, timezone, baseline }: Newsletter, from: Date): Date {
  return baseline ?? calendar.previous(schedule, timezone, from);
}

function* occurrencesOf(calendar: Calendar, { schedule, timezone }: Newsletter, from: Date, to: Date): Iterable<Date> {
  let at = calendar.next(schedule, timezone, new Date(from.getTime() - 1));
  while (at <= to) {
    yield at;
    at = calendar.next(schedule, timezone, at);
  }
}

async function rehearseOne(
  deps: Pick<RehearsalDeps, 'calendar' | 'newId'>,
  store: Store,
  newsletter: Newsletter,
  target: IssueTarget,
  posts: readonly KnownPost[],
): Promise<Selection> {
  const memory = await store.ledger.memory(newsletter.id);
  const { window, selection } = decidePosts({ calendar: deps.calendar, newsletter, target, memory, posts });
  const number = memory.lastNumber + 1;
  if (selection.outcome === 'issue') {
    await store.ledger.freeze({
      newsletter: newsletter.id,
      head: memory.head,
      issue: {
        uid: deps.newId(),
        newsletter: newsletter.id,
        number,
        occurrence: target.occurrence,
        manual: false,
        window,
        frozenAt: target.occurrence,
        title: newsletter.title,
        sender: newsletter.sender,
        onUnknownOutcome: newsletter.onUnknownOutcome,
        posts: [],
        carriedOver: selection.carriedOver,
      },
      editions: [],
      routes: [],
      // The store is without readers.
      compose: async () => ({ editions: [], routes: [] }),
      outcomes: outcomesOfIssue(selection, number),
    });
  } else {
    const skip = {
      newsletter: newsletter.id,
      occurrence: target.occurrence,
      cutoff: target.cutoff,
      outcome: 'nothing-new',
      recordedAt: target.occurrence,
    } as const;
    await store.ledger.recordSkip(skip, outcomesOfSkip(selection, 'min-posts'), memory.head);
  }
  return selection;
}

function rehearsedIssue(occurrence: Date, number: number, selection: Selection): RehearsedIssue {
  const posts = selection.chosen.map(({ post }) => ({ id: publicId(post.keys), title: post.title }));
  return { occurrence, number, posts };
}

function neverCarried(
  posts: readonly KnownPost[],
  issues: readonly RehearsedIssue[],
  last: { selection: Selection; target: IssueTarget } | undefined,
  collected: CollectReport,
): Rehearsal['never'] {
  const carried = new Set(issues.flatMap((issue) => issue.posts.map(({ id }) => id)));
  const verdicts = new Map(last?.selection.verdicts.map((verdict) => [verdict.known.uid, verdict]));
  const reasonFor = (known: KnownPost): string => {
    const isLater = !last || known.post.publishedAt > last.target.cutoff;
    if (isLater && !known.post.draft && !known.broken) return 'window-open';
    const verdict = verdicts.get(known.uid);
    return verdict ? reasonText(verdict.reason) : 'window-open';
  };
  const out = posts
    .filter(({ post }) => !carried.has(publicId(post.keys)))
    .sort(oldestFirst)
    .map((known) => ({ id: publicId(known.post.keys), reason: reasonFor(known) }));
  const broken = collected.broken.map(({ keys, where, message }) => {
    const reason: OutReason = { kind: 'broken', where, message };
    return { id: publicId(keys), reason: reasonText(reason) };
  });
  return [...out, ...broken];
}

/** The same order on every database. */
function oldestFirst({ post: one }: KnownPost, { post: other }: KnownPost): number {
  const [oneId, otherId] = [publicId(one.keys), publicId(other.keys)];
  return one.publishedAt.getTime() - other.publishedAt.getTime() || (oneId < otherId ? -1 : 1);
}
