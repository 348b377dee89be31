/** When a source is polled between issues: spread over time, and less often while it fails. */

/** What is remembered of a source's readings; moments in epoch milliseconds. */
export interface SourceState {
  readonly triedAt: number;
  /** The latest reading that went well. */
  readonly collectedAt?: number;
  /** Failures since then. */
  readonly failures: number;
  readonly reason?: string;
  /** How long its latest reading wanted to wait for the next one. */
  readonly waitMs?: number;
  /** Its server asked not to be asked earlier. */
  readonly notBefore?: number;
}

/** What keeps a listing from being believed: so much is missing that the source is more likely at fault (rule: withdrawn). */
export interface Suspicion {
  /** When the first such listing was read; it names the suspicion. */
  readonly since: number;
  /** The uids of the posts that could be sent, and are not listed. */
  readonly missing: readonly string[];
  /** How many posts could be sent before. */
  readonly of: number;
  /** How many looks have agreed so far. */
  readonly looks: number;
  readonly lookedAt: number;
  /** The process that looked. */
  readonly by: string;
}

/** Where a post is said to be unreadable while its source is in question. */
export function suspicionPlace(source: string): string {
  return `source ${source}`;
}

/** What a person says when the missing posts are really gone, as they type it. */
export function acceptCommand(source: string): string {
  return `gazette source accept-withdrawals ${/^[\w.-]+$/.test(source) ? source : JSON.stringify(source)}`;
}

const EVERY_MS = 10 * 60_000;
const LONGEST_WAIT_MS = 6 * 3_600_000;

/**
 * How long after a try the next one comes: ten minutes or as long as the source wants, doubled for each failure up to six hours,
 * give or take a fifth.
 */
export function collectionWaitMs(
  source: string,
  { triedAt, failures, waitMs: wanted = EVERY_MS }: SourceState,
): number {
  const waitMs = Math.min(wanted * 2 ** Math.min(failures, 10), LONGEST_WAIT_MS);
  return Math.round(waitMs * (0.8 + 0.4 * fractionOf(`${source} ${triedAt}`)));
}

/** Whether a source is to be read; a try in the future was recorded by a clock that has been set back since. */
export function isCollectionDue(source: string, state: SourceState | undefined, now: Date): boolean {
  if (!state || state.triedAt > now.getTime()) return true;
  if (state.notBefore !== undefined && now.getTime() < state.notBefore) return false;
  return now.getTime() - state.triedAt >= collectionWaitMs(source, state);
}

/** From 0 up to 1, the same for the same text: jitter that needs no memory (FNV-1a). */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
