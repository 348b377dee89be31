/** Reading long tables in pages by key, so that no list is ever held whole. */

export const PAGE_ROWS = 1_000;

/**
 * Every row of a table, page after page.
 * @param read reads at most `PAGE_ROWS` rows that follow the given one, in the order of their key
 */
export async function* pagesOf<Row>(read: (after: Row | undefined) => Promise<readonly Row[]>): AsyncIterable<Row> {
  for (let after: Row | undefined; ; ) {
    const page = await read(after);
    yield* page;
    after = page.at(-1);
    if (after === undefined || page.length < PAGE_ROWS) return;
  }
}

/** A long list in runs of at most `size`, in order. */
export function* runsOf<T>(list: readonly T[], size: number): Iterable<readonly T[]> {
  for (let start = 0; start < list.length; start += size) yield list.slice(start, start + size);
}
