/** How fast an issue is being sent, measured from repeated looks at its counts. */
import { type DeliveryCounts, openCount } from '../domain/delivery.js';

export interface SendRate {
  /** Deliveries settled per second; 0 while unknown. */
  readonly perSecond: number;
  /** Until nothing is left at this rate; absent while unknown. */
  readonly secondsLeft?: number;
}

interface Sample {
  readonly at: number;
  readonly settled: number;
}

const SPAN_MS = 15_000;
const MAX_SAMPLES = 60;

export type SendRates = ReturnType<typeof openSendRates>;

export function openSendRates() {
  const samples = new Map<number, readonly Sample[]>();
  return (issue: number, counts: DeliveryCounts, now: Date): SendRate => {
    const sample: Sample = { at: now.getTime(), settled: counts.all - openCount(counts) };
    const recent = [...(samples.get(issue) ?? []), sample].filter(({ at }) => at > sample.at - SPAN_MS);
    samples.set(issue, recent.slice(-MAX_SAMPLES));
    const [oldest = sample] = recent.slice(-MAX_SAMPLES);
    const seconds = (sample.at - oldest.at) / 1000;
    const perSecond = seconds > 0 ? Math.max(0, (sample.settled - oldest.settled) / seconds) : 0;
    const left = openCount(counts) - counts.deferred;
    return { perSecond, ...(perSecond > 0 && left > 0 && { secondsLeft: Math.ceil(left / perSecond) }) };
  };
}
