/**
 * The rate limit of one transport, shared by every process on the store: `rate-limit.ts` decides, the store keeps the
 * state. Without a limit a turn writes nothing, and reads now and then whether another process was slowed down.
 */
import type { RateLimit } from '../domain/ports/mail.js';
import type { SharedState } from '../domain/ports/storage.js';
import { FRESH_RATE_LIMIT, type RateLimitState, type RateLimits, slowDown, speedUp, takeTurn } from './rate-limit.js';

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
  const recent = recentAccepted();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let isSlowed = false;
  /** Not yet written. */
  let accepted = 0;

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
        if (!isSlowed) {
          accepted = 0;
          return 0;
        }
      }
      const added = accepted;
      accepted = 0;
      const turn = await shared.change(key, (before) => {
        const { state, waitMs } = takeTurn(limits, speedUp(limits, rateLimitStateFrom(before), added), at);
        return { after: state, result: { waitMs, isSlowed: state.slowed !== undefined } };
      });
      isSlowed = turn.isSlowed;
      return turn.waitMs;
    },
    accepted(now) {
      accepted += 1;
      recent.add(now.getTime());
    },
    async slow(now, begunAt) {
      const at = now.getTime();
      const seen = { observed: recent.perSecond(at), begunAt: begunAt.getTime() };
      const added = accepted;
      accepted = 0;
      await shared.change(key, (before) => {
        const state = speedUp(limits, rateLimitStateFrom(before), added);
        return { after: slowDown(limits, state, at, seen), result: undefined };
      });
      isSlowed = true;
    },
    async learned() {
      return rateLimitStateFrom(await shared.read(key)).slowed?.perSecond;
    },
  };
}

function rateLimitStateFrom(value: unknown): RateLimitState {
  return (value as RateLimitState | undefined) ?? FRESH_RATE_LIMIT;
}

const SPAN_MS = 10_000;

/** Counts what this process had accepted lately. */
function recentAccepted() {
  let from = Number.NEGATIVE_INFINITY;
  let mails = 0;
  return {
    add(at: number): void {
      if (Math.abs(at - from) >= SPAN_MS) {
        from = at;
        mails = 0;
      }
      mails += 1;
    },
    /** `undefined` where there were none. */
    perSecond: (at: number): number | undefined =>
      mails === 0 || Math.abs(at - from) >= 2 * SPAN_MS ? undefined : mails / Math.max(1, (at - from) / 1_000),
  };
}
