/** How many readers would get the issue, by edition, and why others would not. */
import type { SkipReason } from '../../domain/delivery.js';
import { SKIP_WORDS } from '../../domain/reason-words.js';
import type { LiveIssue } from '../live-issue.js';
import { editionName } from './edition-name.js';

export interface ReadersView {
  readonly total: number;
  readonly planned: number;
  readonly skipped: readonly { readonly count: number; readonly why: string }[];
  readonly editions: readonly {
    readonly key: string;
    readonly name: string;
    readonly readers: number;
    readonly posts: number;
  }[];
}

export function readersView(issue: LiveIssue): ReadersView {
  const { editions, routes } = issue.planned;
  const skipped = new Map<SkipReason, number>();
  const readers = new Map<string, number>();
  let total = 0;
  let planned = 0;
  for (const group of issue.groups) {
    total += group.count;
    const key = routes.find((route) => route.group === group)?.edition;
    const reason = group.skip ?? (key === undefined ? ('nothing-wished' as const) : undefined);
    if (reason !== undefined) skipped.set(reason, (skipped.get(reason) ?? 0) + group.count);
    else {
      planned += group.count;
      readers.set(key ?? '', (readers.get(key ?? '') ?? 0) + group.count);
    }
  }
  return {
    total,
    planned,
    skipped: [...skipped].map(([reason, count]) => ({ count, why: SKIP_WORDS[reason] })),
    editions: editions.map((plan) => ({
      key: plan.key,
      name: editionName(issue, plan),
      readers: readers.get(plan.key) ?? 0,
      posts: plan.digest.sections.reduce((sum, { posts }) => sum + posts.length, 0),
    })),
  };
}
