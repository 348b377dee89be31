/** Reads the variables that say how much may come back: before a reader is suppressed, and before an issue is paused. */
import type { BreakerPolicy, SoftBouncePolicy } from '../domain/feedback-effects.js';
import { BREAKER } from '../domain/feedback-effects.js';
import { durationMs } from './duration.js';
import { WrongValue } from './wrong-value.js';

const SHORTEST_MS = 24 * 60 * 60 * 1000;

/** `3 in 14d`. */
export function softBouncesFrom(text: string): SoftBouncePolicy {
  const [, issues, span = ''] = /^(\d{1,3}) in (\S{2,8})$/.exec(text.trim()) ?? [];
  const withinMs = durationMs(span);
  if (issues === undefined || withinMs === undefined)
    throw new WrongValue('Must be a number of issues and the time they span at least, such as 3 in 14d.');
  if (Number(issues) < 2 || withinMs < SHORTEST_MS) throw new WrongValue('Must be 2 in 1d at the least.');
  return { issues: Number(issues), withinMs };
}

/** Any of `bounces 5%`, `complaints 0.3%` and `after 200`; `never`. */
export function breakerFrom(text: string): BreakerPolicy {
  if (text.trim() === 'never') return { ...BREAKER, fewest: Number.POSITIVE_INFINITY };
  const policy = { ...BREAKER };
  for (const part of text.split(',').map((each) => each.trim())) {
    const [, share, percent] = /^(bounces|complaints) (\d{1,2}(?:\.\d{1,3})?)%$/.exec(part) ?? [];
    const [, fewest] = /^after (\d{1,7})$/.exec(part) ?? [];
    if (share === 'bounces') policy.hardShare = Number(percent) / 100;
    else if (share === 'complaints') policy.complaintShare = Number(percent) / 100;
    else if (fewest !== undefined) policy.fewest = Number(fewest);
    else throw new WrongValue('Must be any of bounces 5%, complaints 0.3% and after 200, or never.');
  }
  return policy;
}
