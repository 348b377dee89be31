/**
 * The pace of one transport, kept by every process on the store together: what `pace.ts` decides, remembered in one
 * place. Where nothing limits it, a turn costs no write, and whether somebody slowed down is looked up now and then.
 */
import type { RateLimit } from '../domain/ports/mail.js';
import type { SharedState } from '../domain/ports/storage.js';
import { FRESH_RATE_LIMIT, type RateLimitState, type RateLimits, slowDown, takeTurn } from './rate-limit.js';

/** How often a process asks whether another one was told to slow down. */
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
    isSlowed = paceFrom(await shared.read(key)).slowed !== undefined;
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
        const { state, waitMs } = takeTurn(limits, paceFrom(before), at);
        return { after: state, result: { waitMs, isSlowed: state.slowed !== undefined } };
      });
      isSlowed = turn.isSlowed;
      return turn.waitMs;
    },
    async slow(now) {
      const at = now.getTime();
      const after = (before: unknown) => slowDown(limits, paceFrom(before), at, recent.perSecond(at));
      await shared.change(key, (before) => ({ after: after(before), result: undefined }));
      isSlowed = true;
    },
  };
}

function paceFrom(value: unknown): RateLimitState {
  return (value as RateLimitState | undefined) ?? FRESH_RATE_LIMIT;
}

const SPAN_MS = 10_000;

/** How fast this process took turns of late, where nobody counts them together. */
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
