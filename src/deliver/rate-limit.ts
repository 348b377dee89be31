/**
 * How fast messages may leave by one transport: per second, hour and day, slower for a while after the server asked for
 * it (Gmail sender guidelines). Pure: state and time in, state and wait out; the state is plain data, so that processes can
 * share it through the store.
 */

/** What the operator allows; what is absent is not limited. */
export interface RateLimits {
  readonly perSecond?: number;
  readonly perHour?: number;
  readonly perDay?: number;
}

/** What is remembered between two turns. Times in milliseconds since 1970. */
export interface RateLimitState {
  /** No turn before this moment. */
  readonly nextAt: number;
  /** Turns taken, by slice of an hour and of a day. */
  readonly hour: readonly Slice[];
  readonly day: readonly Slice[];
  /** Set while the server wants less. */
  readonly slowed?: { readonly perSecond: number; readonly since: number };
}

/** How many turns were taken in the slice that begins here. */
export interface Slice {
  readonly from: number;
  readonly turns: number;
}

export interface Turn {
  readonly state: RateLimitState;
  /** 0: the turn is taken. Else nothing was taken: ask again after so long. */
  readonly waitMs: number;
}

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** A window is counted in so many slices, and no window of its length ever holds more than the limit. */
const SLICES = 60;
/** A slowed rate doubles each time this has passed, until it reaches the limit. */
const RECOVERY_MS = 300_000;
/** Several connections may get the same request to slow down: within this time it counts once. */
const SAME_REQUEST_MS = 10_000;
const SLOWEST_PER_SECOND = 1 / 60;
/** Without a limit, a slowed rate ends after it has doubled so often. */
const FREE_AFTER_DOUBLINGS = 6;

export const FRESH_RATE_LIMIT: RateLimitState = { nextAt: 0, hour: [], day: [] };

/** Takes a turn to send one message, or says how long to wait for one. */
export function takeTurn(limits: RateLimits, before: RateLimitState, now: number): Turn {
  const slowed = slowedNow(limits, before, now);
  const perSecond = currentRate(limits, slowed, now);
  const spacing = perSecond === undefined ? 0 : SECOND_MS / perSecond;
  const state: RateLimitState = {
    // A clock that was set back must not stop sending: no turn is further off than its own spacing.
    nextAt: Math.min(before.nextAt, now + spacing),
    hour: within(before.hour, HOUR_MS, now),
    day: within(before.day, DAY_MS, now),
    ...(slowed ? { slowed } : {}),
  };
  const waitMs = Math.max(
    state.nextAt - now,
    waitFor(state.hour, limits.perHour, HOUR_MS, now),
    waitFor(state.day, limits.perDay, DAY_MS, now),
  );
  if (waitMs > 0) return { state, waitMs: Math.ceil(waitMs) };
  const [hour, day] = [counted(state.hour, HOUR_MS, now), counted(state.day, DAY_MS, now)];
  return { waitMs: 0, state: { ...state, nextAt: now + spacing, hour, day } };
}

/**
 * The server asked for less (421, 4.7.x): half the rate, for a while.
 * @param observed recent turns a second, where the state does not count them
 */
export function slowDown(limits: RateLimits, state: RateLimitState, now: number, observed?: number): RateLimitState {
  const slowed = slowedNow(limits, state, now);
  if (slowed && now - slowed.since < SAME_REQUEST_MS) return state;
  const current = currentRate(limits, slowed, now) ?? observed ?? recentRate(state, now);
  return { ...state, slowed: { perSecond: Math.max(current / 2, SLOWEST_PER_SECOND), since: now } };
}

/** How many turns a second are allowed at this moment; `undefined`: any number. */
function currentRate(limits: RateLimits, slowed: RateLimitState['slowed'], now: number): number | undefined {
  if (slowed === undefined) return limits.perSecond;
  const recovered = slowed.perSecond * 2 ** (Math.max(0, now - slowed.since) / RECOVERY_MS);
  return Math.min(recovered, limits.perSecond ?? Number.POSITIVE_INFINITY);
}

/** What is left of a slow-down; `undefined` when the rate has recovered. */
function slowedNow(limits: RateLimits, { slowed }: RateLimitState, now: number): RateLimitState['slowed'] {
  if (slowed === undefined) return undefined;
  const doublings = (now - slowed.since) / RECOVERY_MS;
  const recovered =
    limits.perSecond === undefined
      ? doublings >= FREE_AFTER_DOUBLINGS
      : slowed.perSecond * 2 ** doublings >= limits.perSecond;
  return recovered ? undefined : { ...slowed, since: Math.min(slowed.since, now) };
}

/** The recent rate, in turns a second. */
function recentRate({ hour }: RateLimitState, now: number): number {
  const slice = hour.at(-1);
  if (slice === undefined) return 1;
  return slice.turns / Math.max(1, (now - slice.from) / SECOND_MS);
}

/** The slices that reach into the window that ends now. Slices in the future come from a clock that was set back. */
function within(slices: readonly Slice[], windowMs: number, now: number): readonly Slice[] {
  const sliceMs = windowMs / SLICES;
  const isIn = ({ from }: Slice) => from + sliceMs > now - windowMs && from <= now;
  return slices.every(isIn) ? slices : slices.filter(isIn);
}

function waitFor(slices: readonly Slice[], limit: number | undefined, windowMs: number, now: number): number {
  if (limit === undefined) return 0;
  let surplus = slices.reduce((sum, { turns }) => sum + turns, 0) - limit + 1;
  for (const { from, turns } of slices) {
    if (surplus <= 0) return 0;
    surplus -= turns;
    if (surplus <= 0) return from + windowMs / SLICES + windowMs - now;
  }
  return surplus > 0 ? windowMs : 0;
}

function counted(slices: readonly Slice[], windowMs: number, now: number): readonly Slice[] {
  const sliceMs = windowMs / SLICES;
  const from = Math.floor(now / sliceMs) * sliceMs;
  const last = slices.at(-1);
  if (last?.from !== from) return [...slices, { from, turns: 1 }];
  return [...slices.slice(0, -1), { from, turns: last.turns + 1 }];
}
