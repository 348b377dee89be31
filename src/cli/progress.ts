/** Shows how far sending has come: one line that is redrawn on a terminal, a new line now and then elsewhere. */
import type { SendProgress } from '../sending/run.js';
import { type Io, styled } from './io.js';

const REDRAW_MS = 100;
const PLAIN_LINE_MS = 10_000;
const BAR_WIDTH = 24;

export interface ProgressLine {
  update(progress: SendProgress): void;
  /** Clears or ends the line. */
  end(): void;
}

export function openProgress(io: Io, isQuiet: boolean): ProgressLine {
  if (isQuiet) return { update: () => undefined, end: () => undefined };
  const everyMs = io.canRedraw ? REDRAW_MS : PLAIN_LINE_MS;
  // The rate is measured from the first reply on; freezing the issue took time before it.
  let first: { readonly tried: number; readonly ms: number } | undefined;
  let shownMs = 0;
  return {
    update: (progress) => {
      const tried = triedOf(progress);
      const nowMs = io.monotonicMs();
      if (!first) {
        first = { tried, ms: nowMs };
        shownMs = io.canRedraw ? Number.NEGATIVE_INFINITY : nowMs;
      }
      if (nowMs - shownMs < everyMs) return;
      shownMs = nowMs;
      const line = progressText(progress, rateOf(tried - first.tried, nowMs - first.ms));
      if (io.canRedraw) io.err(`\r\u001b[2K${bar(io, progress)} ${line}`.slice(0, io.columns + 40));
      else io.err(`${line}\n`);
    },
    end: () => {
      if (first && io.canRedraw) io.err('\r\u001b[2K');
    },
  };
}

/** Deliveries a second; `undefined` before there is a second one. */
function rateOf(tried: number, elapsedMs: number): number | undefined {
  return tried > 0 && elapsedMs > 0 ? (tried / elapsedMs) * 1000 : undefined;
}

function triedOf({ accepted, rejected, unknown, skipped }: SendProgress): number {
  return accepted + rejected + unknown + skipped;
}

/** `1,200 of 5,000 · 340/s · 11 s left · deferred 3 times`. */
function progressText(progress: SendProgress, perSecond: number | undefined): string {
  const { pending, deferred, rejected, unknown } = progress;
  const tried = triedOf(progress);
  const left = Math.max(0, pending - tried);
  const rate = perSecond === undefined ? [] : [`${Math.round(perSecond).toLocaleString('en')}/s`];
  const parts = [
    `${tried.toLocaleString('en')} of ${pending.toLocaleString('en')}`,
    ...rate,
    ...(left > 0 && perSecond !== undefined ? [`${durationText((left / perSecond) * 1000)} left`] : []),
    // Counts deferrals, not deliveries: one may be deferred several times.
    ...(deferred > 0 ? [deferred === 1 ? 'deferred once' : `deferred ${deferred} times`] : []),
    ...(rejected > 0 ? [`${rejected} rejected`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
  ];
  return parts.join(' · ');
}

function bar(io: Io, progress: SendProgress): string {
  const done = Math.round(BAR_WIDTH * Math.min(1, triedOf(progress) / Math.max(1, progress.pending)));
  return styled(io, 'green', '━'.repeat(done)) + styled(io, 'dim', '━'.repeat(BAR_WIDTH - done));
}

/** `8 s`, `3 min`, `2 h 5 min`. */
export function durationText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
