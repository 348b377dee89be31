/** SQLite works in the thread that asks: between two statements of a long transaction, others get a turn. */

/** Lets everything else go on that is ready. */
export function othersTurn(): Promise<void> {
  return new Promise((resume) => setImmediate(resume));
}
