/**
 * How fast messages may leave by one transport: per second, hour and day, slower once the server replied that they come too fast
 * (rule: server-limits). Pure: state and time in, state and wait out; the state is plain data, so that processes can
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
  /** Set since the server has asked for less. */
  readonly slowed?: SlowedRate;
}

/** The rate that a server was found to allow. */
export interface SlowedRate {
  readonly perSecond: number;
  /** When it was lowered last. */
  readonly since: number;
  /** What it was lowered to; half of that where nothing proves that the limit is near. */
  readonly lowest: number;
  /** Whether mails were accepted since then. */
  readonly proven: boolean;
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
/** A reply about the rate lowers it to this part; with no mail accepted since the last such reply, to the other. */
const DECREASE = 0.8;
const DECREASE_UNPROVEN = 0.5;
/** Each accepted mail adds so much to a lowered rate, which therefore rises by 3 % a second, whatever it is; far from the limit by 30 %. */
const INCREASE = 0.03;
const INCREASE_FAR = 0.3;
/** A rate that has risen to so many times what it was lowered to is far from the limit. */
const FAR_TIMES = 2;
/** Servers count within a span: for so long, and for so many turns, further replies about the rate are about the same span. */
const SAME_REQUEST_MS = 1_000;
const SAME_REQUEST_TURNS = 10;
const SLOWEST_PER_SECOND = 0.1;
/** Without a limit, a lowered rate is forgotten once it has risen to so many times what it was lowered to. */
const FREE_AT_TIMES = 64;
/** A lowered rate makes up for timers that fire late, by so much. */
const LATE_TIMER_MS = 20;

export const FRESH_RATE_LIMIT: RateLimitState = { nextAt: 0, hour: [], day: [] };

/** Takes a turn to send one message, or says how long to wait for one. */
export function takeTurn(limits: RateLimits, before: RateLimitState, now: number): Turn {
  const { slowed } = before;
  const perSecond = currentRate(limits, slowed);
  const spacing = perSecond === undefined ? 0 : SECOND_MS / perSecond;
  const state: RateLimitState = {
    // A clock that was set back must not stop sending: no turn is further off than its own spacing.
    nextAt: Math.min(before.nextAt, now + spacing),
    hour: within(before.hour, HOUR_MS, now),
    day: within(before.day, DAY_MS, now),
    ...(slowed ? { slowed: { ...slowed, since: Math.min(slowed.since, now) } } : {}),
  };
  const waitMs = Math.max(
    state.nextAt - now,
    waitFor(state.hour, limits.perHour, HOUR_MS, now),
    waitFor(state.day, limits.perDay, DAY_MS, now),
  );
  if (waitMs > 0) return { state, waitMs: Math.ceil(waitMs) };
  const [hour, day] = [counted(state.hour, HOUR_MS, now), counted(state.day, DAY_MS, now)];
  // Where a rate is set, no second may ever have more.
  const late = limits.perSecond === undefined && slowed ? Math.max(spacing, LATE_TIMER_MS) : 0;
  const from = Math.max(state.nextAt, now - late);
  return { waitMs: 0, state: { ...state, nextAt: from + spacing, hour, day } };
}

/**
 * The server replied that messages come too fast: lowers the rate (rule: server-limits).
 * @param observed accepted messages a second, where nothing limits the rate yet
 * @param begunAt when the message was begun: one that was on the wire already says nothing about the lowered rate
 */
export function slowDown(
  limits: RateLimits,
  state: RateLimitState,
  now: number,
  { observed, begunAt = now }: { readonly observed?: number | undefined; readonly begunAt?: number } = {},
): RateLimitState {
  const { slowed } = state;
  if (slowed && isSameRequest(slowed, now, begunAt)) return state;
  const current = currentRate(limits, slowed) ?? observed ?? recentRate(state, now);
  const perSecond = Math.max(current * (slowed?.proven === false ? DECREASE_UNPROVEN : DECREASE), SLOWEST_PER_SECOND);
  const isNear = slowed ? slowed.proven : limits.perSecond !== undefined;
  const lowest = isNear ? perSecond : perSecond / FAR_TIMES;
  return { ...state, slowed: { perSecond, since: now, lowest, proven: false } };
}

function isSameRequest({ since, perSecond }: SlowedRate, now: number, begunAt: number): boolean {
  if (now < since) return false;
  const spanMs = Math.max(SAME_REQUEST_MS, (SAME_REQUEST_TURNS * SECOND_MS) / perSecond);
  return begunAt < since || now - since < spanMs;
}

/** The server accepted messages: raises a lowered rate. */
export function speedUp(limits: RateLimits, state: RateLimitState, accepted: number): RateLimitState {
  const { slowed, ...free } = state;
  if (slowed === undefined || accepted === 0) return state;
  const { lowest = slowed.perSecond } = slowed;
  const isFar = slowed.perSecond >= lowest * FAR_TIMES;
  const perSecond = slowed.perSecond + accepted * (isFar ? INCREASE_FAR : INCREASE);
  return perSecond >= (limits.perSecond ?? lowest * FREE_AT_TIMES)
    ? free
    : { ...free, slowed: { ...slowed, perSecond, lowest, proven: true } };
}

/** How many turns a second are allowed at this moment; `undefined`: any number. */
function currentRate(limits: RateLimits, slowed: RateLimitState['slowed']): number | undefined {
  if (slowed === undefined) return limits.perSecond;
  return Math.min(slowed.perSecond, limits.perSecond ?? Number.POSITIVE_INFINITY);
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
