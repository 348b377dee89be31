/** Which issue is being decided, and until when. */
export interface IssueTarget {
  readonly occurrence: Date;
  readonly cutoff: Date;
  /** Made by a person, not by the schedule. */
  readonly manual: boolean;
  /** Occurrences that were missed before it and get their records with it. */
  readonly earlier?: readonly Date[];
  /** Posts that became news after this moment are not considered: the content was closed then (rule: approval). */
  readonly seenBy?: Date;
}

/** An issue a person makes now: its cut-off is its occurrence (rule: issue-by-hand). */
export function manualTarget(now: Date): IssueTarget {
  return { occurrence: now, cutoff: now, manual: true };
}

/** An occurrence as the schedule makes it. */
export function scheduledTarget(occurrence: Date, earlier: readonly Date[] = []): IssueTarget {
  return { occurrence, cutoff: occurrence, manual: false, earlier };
}
