/** Servers that limit how many mails they take in a time, simulated: no network, no real time. */

/** Says whether a server that limits its rate takes one more mail at a moment, in milliseconds. */
export type TakesMail = (at: number) => boolean;

/** So many mails in each span of time by the clock. */
export function aWindow(mails: number, spanMs: number): TakesMail {
  let [span, taken] = [-1, 0];
  return (at) => {
    const now = Math.floor(at / spanMs);
    if (now !== span) [span, taken] = [now, 0];
    if (taken >= mails) return false;
    taken += 1;
    return true;
  };
}

/** So many mails in any span of this length. */
export function aSlidingWindow(mails: number, spanMs: number): TakesMail {
  let taken: number[] = [];
  return (at) => {
    taken = taken.filter((moment) => moment > at - spanMs);
    if (taken.length >= mails) return false;
    taken.push(at);
    return true;
  };
}

/** A bucket that fills by so many mails a second. */
export function aTokenBucket(perSecond: number, size: number): TakesMail {
  let [tokens, filledAt] = [size, 0];
  return (at) => {
    tokens = Math.min(size, tokens + ((at - filledAt) * perSecond) / 1_000);
    filledAt = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
