/** What a newsletter will remember of the posts it has just judged (rules: news-since-last-issue, carried-over, one-record). */
import type { PostOutcomeRecord } from '../domain/ports/ledger.js';
import type { CarriedOverWhy, PostOutcome, Selection, Verdict } from '../domain/selection.js';

/** The outcomes of an issue: carried, carried over because of `maxPosts`, excluded, too old, missed. */
export function outcomesOfIssue(selection: Selection, issue: number): readonly PostOutcomeRecord[] {
  const judged = selection.verdicts.flatMap((verdict) => {
    if (verdict.in) return [{ uid: verdict.known.uid, outcome: { kind: 'carried', issue } satisfies PostOutcome }];
    const outcome = outcomeOf(verdict);
    return outcome ? [{ uid: verdict.known.uid, outcome }] : [];
  });
  // An issue moves the cut-off past what became news before it; a skip does not, and need not remember these.
  const missed = selection.missed.map(({ uid }) => ({ uid, outcome: { kind: 'missed' } satisfies PostOutcome }));
  return [...judged, ...missed];
}

/** The outcomes of a skipped occurrence: what could have been in it is carried over. */
export function outcomesOfSkip(selection: Selection, why: CarriedOverWhy): readonly PostOutcomeRecord[] {
  return selection.verdicts.flatMap((verdict) => {
    const wasPossible = verdict.in || verdict.reason.kind === 'held-over';
    return wasPossible ? [{ uid: verdict.known.uid, outcome: { kind: 'held-over', why } satisfies PostOutcome }] : [];
  });
}

function outcomeOf(verdict: Verdict & { in: false }): PostOutcome | undefined {
  const { reason } = verdict;
  switch (reason.kind) {
    case 'held-over':
      return { kind: 'held-over', why: reason.why };
    case 'too-old':
    case 'left-out-by-editor':
      return { kind: reason.kind };
    default:
      return undefined;
  }
}
