/** What a feed is remembered by between two collections, and what follows from it. Pure. */
import { createHash } from 'node:crypto';
import type { WebValidators } from '../../domain/ports/host.js';
import type { PostKeys } from '../../domain/post.js';

export interface FeedMemory {
  /** Of the settings: what was read from another address counts for nothing. */
  readonly url: string;
  /** Where the address was redirected to for good, and since when. */
  readonly moved?: { readonly to: string; readonly since: number };
  readonly validators?: WebValidators;
  /** Of the bytes, for servers that give no validators. */
  readonly hash?: string;
  /** When the whole feed was last read, epoch milliseconds. */
  readonly readAt: number;
  /** Short hashes of the keys of its items. */
  readonly items: readonly string[];
  /** When items without a date were first seen, by the short hash of their keys. */
  readonly undated?: { readonly [item: string]: number };
  /** How long after a reading the next one is worth its request. */
  readonly waitMs?: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What was kept, if it is of this address and of this form. */
export function memoryFrom(kept: unknown, url: string): FeedMemory | undefined {
  const memory = kept as Partial<FeedMemory> | undefined;
  const isOfThis = memory?.url === url && typeof memory.readAt === 'number' && Array.isArray(memory.items);
  return isOfThis ? (memory as FeedMemory) : undefined;
}

/** A redirect counts once it has been there for a day: the login page of a hotel claims to be permanent as well. */
export function addressOf(url: string, memory: FeedMemory | undefined, now: Date): string {
  const { moved } = memory ?? {};
  return moved !== undefined && now.getTime() - moved.since >= DAY_MS ? moved.to : url;
}

/** @param asked the address that was asked, and where that one has moved to */
export function movedFrom(
  memory: FeedMemory | undefined,
  asked: { readonly at: string; readonly movedTo?: string },
  now: Date,
): FeedMemory['moved'] {
  const learned = memory?.moved;
  if (asked.movedTo === undefined) return learned?.to === asked.at ? learned : undefined;
  return { to: asked.movedTo, since: learned?.to === asked.movedTo ? learned.since : now.getTime() };
}

/** Once a day the whole feed is read, whatever has changed: the store may have lost what was read. */
export function isDueInFull(memory: FeedMemory | undefined, now: Date): boolean {
  const age = memory === undefined ? DAY_MS : now.getTime() - memory.readAt;
  return age < 0 || age >= DAY_MS;
}

/** Of a whole feed. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}

/** A short hash: enough to tell the items of one feed apart. */
export function itemHashOf({ id, url, path }: PostKeys): string {
  return createHash('sha256')
    .update(id ?? path ?? url ?? '')
    .digest('base64url')
    .slice(0, 12);
}

/** As many as are remembered of a feed. */
export const MOST_REMEMBERED = 500;

/** Whether no item of the reading before is among these: others may have come and gone in between. */
export function hasGap(memory: FeedMemory | undefined, items: readonly string[]): boolean {
  if (memory === undefined || memory.items.length === 0 || items.length === 0) return false;
  const known = new Set(memory.items);
  return !items.some((item) => known.has(item));
}

const SHORTEST_WAIT_MS = 15 * MINUTE_MS;
const USUAL_WAIT_MS = HOUR_MS;
const LONGEST_WAIT_MS = 6 * HOUR_MS;

/**
 * How long to wait for the next reading: an hour, or as long as the feed or its server says that the reading is fresh, up to six.
 * It is halved when more than half of the items are new, because the next ones may push some out before they are read.
 */
export function waitMsFor(memory: FeedMemory | undefined, items: readonly string[], freshForMs: number): number {
  const usual = Math.min(Math.max(USUAL_WAIT_MS, freshForMs), LONGEST_WAIT_MS);
  if (memory === undefined || items.length === 0) return usual;
  const known = new Set(memory.items);
  const fresh = items.filter((item) => !known.has(item)).length;
  const before = Math.min(memory.waitMs ?? usual, usual);
  if (fresh * 2 > items.length) return Math.max(SHORTEST_WAIT_MS, before / 2);
  return Math.min(usual, before * 1.25);
}
