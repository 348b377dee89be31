/** Spans of time as people write them in settings: `90m`, `24h`, `30d`, `2w`. */
const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** A whole number above zero, and a unit. */
export const DURATION = /^([1-9]\d{0,5})\s?([mhdw])$/;

export const DURATION_EXAMPLES = '90m, 24h, 30d or 2w';

/** Milliseconds; days are 24 hours. `undefined` when it is no duration. */
export function durationMs(text: string): number | undefined {
  const [, count, unit] = DURATION.exec(text.trim()) ?? [];
  return count === undefined ? undefined : Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
}
