import { describe, expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.js';
import { openProgress } from '../../src/cli/progress.js';
import type { SendProgress } from '../../src/sending/run.js';

/** A terminal with a clock that is set by hand. */
function aTerminal(canRedraw: boolean) {
  const said: string[] = [];
  const at = { ms: 0 };
  const io = {
    err: (text: string) => void said.push(text),
    canRedraw,
    hasColour: false,
    columns: 100,
    monotonicMs: () => at.ms,
  } as unknown as Io;
  return { io, said, at };
}

function progress(accepted: number, others: Partial<SendProgress> = {}): SendProgress {
  const none = { rejected: 0, deferred: 0, unknown: 0, skipped: 0 };
  return { issue: {} as SendProgress['issue'], ...none, accepted, pending: 1000, ...others };
}

describe('the progress of sending', () => {
  it('reckons rate and time left from the first reply, not from the writing of the issue before it', () => {
    const { io, said, at } = aTerminal(false);
    const line = openProgress(io, false);
    at.ms = 60_000;
    line.update(progress(1));
    at.ms = 70_000;
    line.update(progress(501));
    expect(said).toEqual(['501 of 1,000 · 50/s · 10 s left\n']);
  });

  it('says nothing of a rate before it can know one', () => {
    const { io, said, at } = aTerminal(true);
    at.ms = 60_000;
    openProgress(io, false).update(progress(1));
    expect(said.join('')).toMatch(/━ 1 of 1,000$/);
  });

  it('names what did not go through at once', () => {
    const { io, said, at } = aTerminal(false);
    const line = openProgress(io, false);
    line.update(progress(0, { deferred: 1 }));
    at.ms = 10_000;
    line.update(progress(100, { deferred: 24, rejected: 2, unknown: 1 }));
    expect(said).toEqual(['103 of 1,000 · 10/s · 88 s left · deferred 24 times · 2 rejected · 1 unknown\n']);
  });

  it('redraws one line on a terminal, and clears it at the end', () => {
    const { io, said, at } = aTerminal(true);
    const line = openProgress(io, false);
    line.update(progress(1));
    line.update(progress(2));
    at.ms = 100;
    line.update(progress(3));
    line.end();
    expect(said).toHaveLength(3);
    expect(said.every((text) => text.startsWith('\r\u001b[2K') && !text.includes('\n'))).toBe(true);
  });

  it('is silent where one JSON object is asked for', () => {
    const { io, said, at } = aTerminal(false);
    const line = openProgress(io, true);
    line.update(progress(1));
    at.ms = 20_000;
    line.update(progress(2));
    line.end();
    expect(said).toEqual([]);
  });
});
