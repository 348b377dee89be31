/** How many readers would get the issue, by edition, and why others would not. */
import type { SkipReason } from '../../domain/delivery.js';
import { SKIP_WORDS } from '../../domain/reason-words.js';
import { countReaders, type EditionPlan } from '../../issue/editions.js';
import type { LiveIssue } from '../live-issue.js';
import { editionName } from './edition-name.js';

export interface ReadersView {
  readonly total: number;
  readonly planned: number;
  readonly skipped: readonly { readonly count: number; readonly why: string }[];
  /** How many there are. */
  readonly editionCount: number;
  /** The full one, then those with most readers: there may be thousands. */
  readonly editions: readonly EditionLine[];
  /** The editions that are not listed. */
  readonly smaller: { readonly editions: number; readonly readers: number } | null;
}

export interface EditionLine {
  readonly key: string;
  readonly name: string;
  readonly readers: number;
  readonly posts: number;
}

/** How many editions a card lists. */
const MOST_LISTED = 10;

export function readersView(issue: LiveIssue): ReadersView {
  const { total, planned, skipped, byEdition } = countReaders(issue.groups, issue.planned);
  const editions = largestEditions(issue, byEdition, MOST_LISTED);
  return {
    total,
    planned,
    skipped: Object.entries(skipped).map(([reason, count]) => ({ count, why: SKIP_WORDS[reason as SkipReason] })),
    editionCount: issue.planned.editions.length,
    editions,
    smaller:
      editions.length === issue.planned.editions.length
        ? null
        : {
            editions: issue.planned.editions.length - editions.length,
            readers: planned - editions.reduce((sum, { readers }) => sum + readers, 0),
          },
  };
}

/** Of these editions of an issue the full one, then those with most readers; at most so many. */
export function largestEditions(
  issue: LiveIssue,
  readers: ReadonlyMap<string, number>,
  most: number,
  editions: readonly EditionPlan[] = issue.planned.editions,
): readonly EditionLine[] {
  const rank = (key: string) => (key === issue.full?.key ? Number.POSITIVE_INFINITY : (readers.get(key) ?? 0));
  return [...editions]
    .sort((one, other) => rank(other.key) - rank(one.key))
    .slice(0, most)
    .map((plan) => ({
      key: plan.key,
      name: editionName(issue, plan),
      readers: readers.get(plan.key) ?? 0,
      posts: plan.posts,
    }));
}
