/**
 * The rate limit of one transport, shared by every process on the store: `rate-limit.ts` decides, the store keeps the
 * state. Without a limit a turn writes nothing, and reads now and then whether another process was slowed down.
 */
import type { RateLimit } from '../domain/ports/mail.js';
import type { SharedState } from '../domain/ports/storage.js';
import { FRESH_RATE_LIMIT, type RateLimitState, type RateLimits, slowDown, takeTurn } from './rate-limit.js';

/** How often a process reads whether another one was asked to slow down. */
const LOOK_MS = 1_000;

export interface SharedRateLimitOptions {
  readonly shared: SharedState;
  /** Names the transport; holds no secret. */
  readonly transport: string;
  readonly limits: RateLimits;
}

export function openSharedRateLimit({ shared, transport, limits }: SharedRateLimitOptions): RateLimit {
  const key = `pace ${transport}`;
  const isLimited = Object.keys(limits).length > 0;
  const recent = recentTurns();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let isSlowed = false;

  const look = async (at: number) => {
    isSlowed = rateLimitStateFrom(await shared.read(key)).slowed !== undefined;
    lookedAt = at;
  };

  return {
    async take(now) {
      const at = now.getTime();
      if (!isLimited) {
        // A clock that was set back must not keep a process from looking.
        if (Math.abs(at - lookedAt) >= LOOK_MS) await look(at);
        recent.add(at);
        if (!isSlowed) return 0;
      }
      const turn = await shared.change(key, (before) => {
        const { state, waitMs } = takeTurn(limits, rateLimitStateFrom(before), at);
        return { after: state, result: { waitMs, isSlowed: state.slowed !== undefined } };
      });
      isSlowed = turn.isSlowed;
      return turn.waitMs;
    },
    async slow(now) {
      const at = now.getTime();
      const after = (before: unknown) => slowDown(limits, rateLimitStateFrom(before), at, recent.perSecond(at));
      await shared.change(key, (before) => ({ after: after(before), result: undefined }));
      isSlowed = true;
    },
  };
}

function rateLimitStateFrom(value: unknown): RateLimitState {
  return (value as RateLimitState | undefined) ?? FRESH_RATE_LIMIT;
}

const SPAN_MS = 10_000;

/** Counts the recent turns of this process, where the store does not count those of all processes. */
function recentTurns() {
  let from = Number.NEGATIVE_INFINITY;
  let turns = 0;
  return {
    add(at: number): void {
      if (Math.abs(at - from) >= SPAN_MS) {
        from = at;
        turns = 0;
      }
      turns += 1;
    },
    /** `undefined` where there were none. */
    perSecond: (at: number): number | undefined =>
      turns === 0 || Math.abs(at - from) >= 2 * SPAN_MS ? undefined : turns / Math.max(1, (at - from) / 1_000),
  };
}
