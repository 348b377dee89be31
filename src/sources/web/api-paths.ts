/** Paths of posts that come from an API: `posts/12`, the type and the id there. */

/** The ids of some paths, by type. */
export function idsByType(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const path of paths) {
    const slash = path.indexOf('/');
    const type = path.slice(0, slash);
    const known = ids.get(type) ?? [];
    known.push(path.slice(slash + 1));
    ids.set(type, known);
  }
  return ids;
}

export function chunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
