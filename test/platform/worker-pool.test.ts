import { describe, expect, it } from 'vitest';
import { aPool, workerProgram } from '../support/worker-program.js';

/** A job is a number of turns to make, or a word that does harm. */
const HARMFUL = `
import { answerJobs } from './platform/worker-jobs.js';
answerJobs((job: string) => {
  if (job === 'hang') for (;;);
  if (job === 'backtrack') return /^(?:a|a)*$/.test('a'.repeat(60) + 'b');
  if (job === 'eat') { const eaten = []; for (;;) eaten.push(new Array(10_000).fill(eaten.length + 0.5)); }
  if (job === 'throw') throw new Error('no such word');
  if (job === 'leave') process.exit(3);
  return job.toUpperCase();
});`;

const done = (result: string) => ({ kind: 'done', result });

describe('a pool of threads', () => {
  it('does every job, and answers each with its own result', async () => {
    const pool = await aPool(workerProgram(HARMFUL), { mostThreads: 2 });
    const words = Array.from({ length: 300 }, (_, nth) => `word ${nth}`);
    const ends = await Promise.all(words.map((word) => pool.run(word)));
    expect(ends).toEqual(words.map((word) => done(word.toUpperCase())));
  });

  it.each(['hang', 'backtrack'])('ends a job that takes too long (%s), and does those behind it', async (harm) => {
    const pool = await aPool(workerProgram(HARMFUL), { limitMs: 300 });
    const ends = await Promise.all(['a', harm, 'b', harm, 'c'].map((word) => pool.run(word)));
    const tooLong = { kind: 'too-long', limitMs: 300 };
    expect(ends).toEqual([done('A'), tooLong, done('B'), tooLong, done('C')]);
  });

  it('ends a job that takes too much memory, and does those behind it', async () => {
    const pool = await aPool(workerProgram(HARMFUL), { memoryMb: 32 });
    const ends = await Promise.all(['a', 'eat', 'b'].map((word) => pool.run(word)));
    expect(ends).toEqual([done('A'), { kind: 'out-of-memory', memoryMb: 32 }, done('B')]);
  });

  it('tells a job that throws or ends its thread, and does those behind it', async () => {
    const pool = await aPool(workerProgram(HARMFUL));
    const ends = await Promise.all(['throw', 'a', 'leave', 'b'].map((word) => pool.run(word)));
    expect(ends).toEqual([
      { kind: 'failed', reason: 'no such word' },
      done('A'),
      { kind: 'failed', reason: 'It ended with code 3.' },
      done('B'),
    ]);
  });

  it('lets the event loop turn while a job hangs, and ends with the signal', async () => {
    const pool = await aPool(workerProgram(HARMFUL));
    const stop = new AbortController();
    const hanging = Promise.allSettled([pool.run('hang', stop.signal), pool.run('a', stop.signal)]);
    let turns = 0;
    while (turns < 1000) turns = await new Promise<number>((resolve) => setImmediate(() => resolve(turns + 1)));
    const reason = new Error('Stopped.');
    stop.abort(reason);
    expect(await hanging).toEqual([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ]);
    expect(await pool.run('b')).toEqual(done('B'));
    await expect(pool.run('c', stop.signal)).rejects.toBe(reason);
  });

  it('rejects what is not done when it is closed, and all that comes later', async () => {
    const pool = await aPool(workerProgram(HARMFUL));
    const hanging = Promise.allSettled([pool.run('hang'), pool.run('a')]);
    const reason = new Error('Closed.');
    await pool.close(reason);
    expect((await hanging).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(pool.run('b')).rejects.toBe(reason);
  });

  it('tells that a thread cannot be started', async () => {
    const pool = await aPool(workerProgram("throw new Error('no library');"));
    await expect(Promise.all([pool.run('a'), pool.run('b')])).rejects.toThrow('no library');
  });
});
