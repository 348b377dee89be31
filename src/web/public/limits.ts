/**
 * How often one place may fill in forms (standards K1). Kept in the memory of this process: two processes count apart,
 * and a restart forgets. Never asked for unsubscribing, for providers post from few places (standards K3).
 */
import { createHash } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';

export interface Limits {
  /** Counts a form for an address and a place; false when either had too many. */
  mayAsk(address: string, ip: string): Promise<boolean>;
}

export interface LimitOptions {
  readonly perAddress?: number;
  readonly perPlace?: number;
}

const HOUR_S = 3600;

export function openLimits({ perAddress = 5, perPlace = 30 }: LimitOptions = {}): Limits {
  const byAddress = new RateLimiterMemory({ points: perAddress, duration: HOUR_S });
  const byPlace = new RateLimiterMemory({ points: perPlace, duration: HOUR_S });
  const isTaken = (limiter: RateLimiterMemory, key: string) =>
    limiter.consume(key).then(
      () => true,
      () => false,
    );
  return {
    mayAsk: async (address, ip) => {
      const hash = createHash('sha256').update(address.trim().toLowerCase()).digest('hex');
      const [one, other] = await Promise.all([isTaken(byAddress, hash), isTaken(byPlace, placeOf(ip))]);
      return one && other;
    },
  };
}

/** A household holds a whole /64 of IPv6. */
function placeOf(ip: string): string {
  if (!ip.includes(':') || ip.includes('.')) return ip;
  const [head = '', tail] = ip.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter((group) => group !== '').length;
  return [...groups, ...Array<string>(Math.max(0, missing)).fill('0')].slice(0, 4).join(':');
}
