/** One run of sending an issue: what it is asked to do, how far it has come, and what it reports at its end. */
import type { DeliveryCounts } from '../domain/delivery.js';
import type { Issue } from '../domain/issue.js';
import type { PauseReason } from '../domain/pause-reason.js';

export interface SendOptions {
  /** Go on until deferred deliveries have been tried again. */
  readonly wait?: boolean;
  readonly signal?: AbortSignal;
  onProgress?(progress: SendProgress): void;
}

/** What became of the deliveries of this run so far. */
export interface SendProgress {
  readonly issue: Issue;
  readonly accepted: number;
  readonly rejected: number;
  readonly deferred: number;
  readonly unknown: number;
  readonly skipped: number;
  /** How many deliveries were planned when the run began. */
  readonly pending: number;
}

export interface SendReport {
  readonly issue: Issue;
  readonly counts: DeliveryCounts;
  /** Why the run ended before every delivery was tried; absent when all were. */
  readonly stopped?: StopReason;
}

export type StopReason =
  | { readonly kind: 'signal' | 'paused' | 'cancelled' }
  /**
   * A fault that is the same for every reader: a limit, sender, message, configuration, or no server. With `paused` the
   * issue stays paused until a person resumes it.
   */
  | { readonly kind: 'fault'; readonly scope: string; readonly text: string; readonly paused?: PauseReason };
