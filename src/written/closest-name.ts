/** What was probably meant by a misspelt name. */

/** The known name that is nearest, when it is near enough to be a slip of the pen. */
export function closestName(written: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(written.length / 3));
  const ranked = known
    .map((name) => ({ name, slips: slipsBetween(written.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.slips - b.slips);
  return ranked[0] && ranked[0].slips <= limit ? ranked[0].name : undefined;
}

/** A sentence to add to a message: empty, or ` Did you mean “schedule”?` */
export function didYouMean(written: string, known: readonly string[]): string {
  const name = closestName(written, known);
  return name === undefined ? '' : ` Did you mean “${name}”?`;
}

/** How many letters must be added, removed, changed or swapped with the next (optimal string alignment). */
function slipsBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j += 1) {
      const changed = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, changed, isSwapped ? at(i - 2, j - 2) + 1 : changed));
    }
  }
  return at(a.length, b.length);
}
