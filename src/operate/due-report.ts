/** What came of the occurrence of a schedule that was due. */
import type { AheadReport } from '../approval/check.js';
import type { Issue } from '../domain/issue.js';

export type DueReport =
  | { readonly kind: 'nothing-due'; readonly next: Date; readonly ahead?: AheadReport }
  /** There is an issue to send; `exists`: another process made it. */
  | { readonly kind: 'frozen' | 'exists'; readonly issue: Issue }
  /** The occurrence has its record, and made no issue. */
  | {
      readonly kind: 'nothing-new' | 'too-few' | 'no-readers' | 'late' | 'unapproved' | 'vetoed';
      readonly occurrence: Date;
    }
  | DueWaiting;

/** Not yet: a source fails, the issue is not approved, or its arrangement cannot be read. */
export interface DueWaiting {
  readonly kind: 'waiting';
  readonly for: 'source' | 'approval' | 'arrangement';
  readonly occurrence: Date;
  readonly until: Date;
  readonly reason: string;
  /** Titles of the posts that wait for approval. */
  readonly posts?: readonly string[];
}
