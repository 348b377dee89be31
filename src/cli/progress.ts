/** How far sending has come: a line that redraws itself on a terminal, a plain line now and then elsewhere. */
import type { SendProgress } from '../flows/send-planned.js';
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
  const startedMs = io.monotonicMs();
  const everyMs = io.canRedraw ? REDRAW_MS : PLAIN_LINE_MS;
  let shownMs = io.canRedraw ? Number.NEGATIVE_INFINITY : startedMs;
  let last: SendProgress | undefined;
  const show = (progress: SendProgress) => {
    const line = progressText(progress, io.monotonicMs() - startedMs);
    if (io.canRedraw) io.err(`\r\u001b[2K${bar(io, progress)} ${line}`.slice(0, io.columns + 40));
    else io.err(`${line}\n`);
  };
  return {
    update: (progress) => {
      last = progress;
      if (io.monotonicMs() - shownMs < everyMs) return;
      shownMs = io.monotonicMs();
      show(progress);
    },
    end: () => {
      if (last && io.canRedraw) io.err('\r\u001b[2K');
    },
  };
}

function triedOf({ accepted, rejected, unknown, skipped }: SendProgress): number {
  return accepted + rejected + unknown + skipped;
}

/** `1,200 of 5,000 · 340/s · 11 s left · 3 deferred`. */
export function progressText(progress: SendProgress, elapsedMs: number): string {
  const tried = triedOf(progress);
  const perSecond = tried / Math.max(0.001, elapsedMs / 1000);
  const left = Math.max(0, progress.pending - tried);
  const parts = [
    `${tried.toLocaleString('en')} of ${progress.pending.toLocaleString('en')}`,
    `${Math.round(perSecond).toLocaleString('en')}/s`,
    ...(left > 0 && perSecond > 0 ? [`${durationText((left / perSecond) * 1000)} left`] : []),
    ...(progress.deferred > 0 ? [`${progress.deferred} deferred`] : []),
    ...(progress.rejected > 0 ? [`${progress.rejected} rejected`] : []),
    ...(progress.unknown > 0 ? [`${progress.unknown} in doubt`] : []),
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
