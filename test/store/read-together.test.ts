/** Rows that are asked for at the same moment are read by few statements, and none is older than its question. */
import { describe, expect, it } from 'vitest';
import { readTogether } from '../../src/store/read-together.js';

function tableOf(rows: Map<number, string>) {
  const statements: (readonly number[])[] = [];
  const read = readTogether<number, string>(async (keys) => {
    statements.push(keys);
    const found = new Map([...rows].filter(([key]) => keys.includes(key)));
    await new Promise((resolve) => setImmediate(resolve));
    return found;
  });
  return { read, statements };
}

describe('rows that are read together', () => {
  it('take three statements for fifty who ask at once, and each key is asked for once in a statement', async () => {
    const { read, statements } = tableOf(new Map([1, 2, 3].map((key) => [key, `row ${key}`])));
    const asked = Array.from({ length: 50 }, (_, nth) => read((nth % 5) + 1));
    expect((await Promise.all(asked)).slice(0, 5)).toEqual(['row 1', 'row 2', 'row 3', undefined, undefined]);
    expect(statements.length).toBeLessThanOrEqual(3);
    expect(statements.every((keys) => new Set(keys).size === keys.length)).toBe(true);
  });

  it('are never older than the question, also where the same key is being read', async () => {
    const rows = new Map([[1, 'before']]);
    const { read } = tableOf(rows);
    const running = [read(1), read(1), read(1)];
    await Promise.resolve();
    rows.set(1, 'after');
    expect(await read(1)).toBe('after');
    await Promise.all(running);
  });

  it('fail for those who asked in that statement, and for nobody later', async () => {
    let isBroken = true;
    const read = readTogether<number, string>(async (keys) => {
      if (isBroken) throw new Error('connection lost');
      return new Map(keys.map((key) => [key, 'row']));
    });
    const ends = await Promise.allSettled([read(1), read(2)]);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isBroken = false;
    expect(await read(1)).toBe('row');
  });
});
