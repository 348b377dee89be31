/** Rows that many callers ask for at the same moment, one key each: read by few statements instead of one for each caller. */

/** Reads what there is of these keys. */
export type ReadAll<Key, Value> = (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;

/** Two, so that one that waits for a broken connection does not keep everybody waiting. */
const STATEMENTS_AT_ONCE = 2;
const MOST_KEYS = 100;

interface Asked<Key, Value> {
  readonly key: Key;
  resolve(value: Value | undefined): void;
  reject(error: unknown): void;
}

/** Reads by key. Every read begins after it was asked for, so that it sees whatever was written before. */
export function readTogether<Key, Value>(readAll: ReadAll<Key, Value>): (key: Key) => Promise<Value | undefined> {
  const waiting: Asked<Key, Value>[] = [];
  let running = 0;

  async function run(asked: readonly Asked<Key, Value>[]): Promise<void> {
    try {
      const found = await readAll([...new Set(asked.map(({ key }) => key))]);
      for (const { key, resolve } of asked) resolve(found.get(key));
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
    running -= 1;
    next();
  }

  function next(): void {
    while (running < STATEMENTS_AT_ONCE && waiting.length > 0) {
      running += 1;
      void run(waiting.splice(0, MOST_KEYS));
    }
  }

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      next();
    });
}
