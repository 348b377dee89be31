/** How often a property is tried. */

/** Few inputs at every change, twenty times as many in the long tests, which set `TEST_RUNS`. */
export function runs(count: number): number {
  return count * Number(process.env.TEST_RUNS ?? 1);
}
