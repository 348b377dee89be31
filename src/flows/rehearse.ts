/** Replays a newsletter's schedule over its archive: each issue it would have made, and what it would never carry. */
import { NO_ARRANGEMENT } from '../domain/arrangement.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Store } from '../domain/ports.js';
import { type KnownPost, publicId } from '../domain/post.js';
import { type OutReason, reasonText, type Selection } from '../domain/selection.js';
import { fatesOfIssue, fatesOfSkip } from '../select/fates.js';
import { type CollectReport, collectPosts } from './collect-posts.js';
import { decidePosts, type Occasion } from './draft-issue.js';
import type { House } from './house.js';

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

/** Rehearses on an empty store with a hand-moved clock; takes each post as first seen at its publication (laws §6.7). */
export async function rehearse(house: House, { newsletter, from, to }: RehearseRequest): Promise<Rehearsal> {
  const store = await house.openEmptyStore();
  try {
    const collected = await collectPosts(house, store, newsletter);
    const { posts } = await store.posts.known(newsletter.sources.map(({ name }) => name));
    const fresh = posts.map(({ newsAt: _, ...known }) => known);
    const issues: RehearsedIssue[] = [];
    let occurrences = 0;
    let last: { selection: Selection; occasion: Occasion } | undefined;
    for (const occurrence of occurrencesOf(house, newsletter, from, to)) {
      occurrences += 1;
      const occasion = { occurrence, cutoff: occurrence, manual: false };
      const selection = await rehearseOne(house, store, newsletter, occasion, fresh);
      last = { selection, occasion };
      if (selection.outcome === 'issue') issues.push(rehearsedIssue(occurrence, issues.length + 1, selection));
    }
    return { issues, never: neverCarried(fresh, issues, last, collected), occurrences };
  } finally {
    await store.close();
  }
}

function* occurrencesOf(house: House, { schedule, timezone }: Newsletter, from: Date, to: Date): Iterable<Date> {
  let at = house.calendar.next(schedule, timezone, new Date(from.getTime() - 1));
  while (at <= to) {
    yield at;
    at = house.calendar.next(schedule, timezone, at);
  }
}

async function rehearseOne(
  house: House,
  store: Store,
  newsletter: Newsletter,
  occasion: Occasion,
  posts: readonly KnownPost[],
): Promise<Selection> {
  const memory = await store.ledger.memory(newsletter.id);
  const { window, selection } = decidePosts({
    house,
    newsletter,
    occasion,
    memory,
    posts,
    arrangement: NO_ARRANGEMENT,
  });
  const number = memory.lastNumber + 1;
  if (selection.outcome === 'issue') {
    await store.ledger.freeze({
      newsletter: newsletter.id,
      head: memory.head,
      issue: {
        uid: house.newId(),
        newsletter: newsletter.id,
        number,
        ...occasion,
        window,
        frozenAt: occasion.occurrence,
        title: newsletter.title,
        sender: newsletter.sender,
        inDoubt: newsletter.inDoubt,
        posts: [],
        heldOver: selection.heldOver,
      },
      editions: [],
      routes: [],
      fates: fatesOfIssue(selection, number),
    });
  } else {
    const skip = {
      newsletter: newsletter.id,
      ...occasion,
      outcome: 'nothing-new',
      recordedAt: occasion.occurrence,
    } as const;
    await store.ledger.recordSkip(skip, fatesOfSkip(selection, 'min-posts'), memory.head);
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
  last: { selection: Selection; occasion: Occasion } | undefined,
  collected: CollectReport,
): Rehearsal['never'] {
  const carried = new Set(issues.flatMap((issue) => issue.posts.map(({ id }) => id)));
  const verdicts = new Map(last?.selection.verdicts.map((verdict) => [verdict.known.uid, verdict]));
  const reasonFor = (known: KnownPost): string => {
    const isLater = !last || known.post.publishedAt > last.occasion.cutoff;
    if (isLater && !known.post.draft && !known.broken) return 'window-open';
    const verdict = verdicts.get(known.uid);
    return verdict ? reasonText(verdict.reason) : 'window-open';
  };
  const out = posts
    .filter(({ post }) => !carried.has(publicId(post.keys)))
    .map((known) => ({ id: publicId(known.post.keys), reason: reasonFor(known) }));
  const broken = collected.broken.map(({ keys, where, message }) => {
    const reason: OutReason = { kind: 'broken', where, message };
    return { id: publicId(keys), reason: reasonText(reason) };
  });
  return [...out, ...broken];
}
