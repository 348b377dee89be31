/** How many readers would get the issue, by edition, and why others would not. */
import type { SkipReason } from '../../domain/delivery.js';
import { SKIP_WORDS } from '../../domain/reason-words.js';
import { countReaders } from '../../issue/editions.js';
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
  const { total, planned, skipped, byEdition } = countReaders(issue.groups, issue.planned);
  return {
    total,
    planned,
    skipped: Object.entries(skipped).map(([reason, count]) => ({ count, why: SKIP_WORDS[reason as SkipReason] })),
    editions: issue.planned.editions.map((plan) => ({
      key: plan.key,
      name: editionName(issue, plan),
      readers: byEdition.get(plan.key) ?? 0,
      posts: plan.posts,
    })),
  };
}
