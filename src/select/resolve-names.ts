/** Finds the posts an arrangement names (laws §1.9). Pure. */
import { type Arrangement, namesIn } from '../domain/arrangement.js';
import type { KnownKey } from '../domain/ports.js';
import { type KnownPost, publicId } from '../domain/post.js';

export interface ResolvedArrangement {
  /** Every known post by its public id. */
  readonly arrangement: Arrangement;
  /** Names that no post has, or several. */
  readonly unknown: readonly string[];
}

/** Names the posts of an arrangement by their public ids. What nobody knows stays as it is written, and has no effect. */
export function resolveNames(
  arrangement: Arrangement,
  posts: readonly KnownPost[],
  keys: readonly KnownKey[],
): ResolvedArrangement {
  const ids = new Set(posts.map(({ post }) => publicId(post.keys)));
  const idOf = new Map(posts.map(({ uid, post }) => [uid, publicId(post.keys)]));
  const owners = new Map<string, Set<string>>();
  for (const { value, uid } of keys) {
    const id = idOf.get(uid);
    if (id !== undefined) owners.set(value, (owners.get(value) ?? new Set()).add(id));
  }
  const unknown: string[] = [];
  const resolved = new Map<string, string>();
  for (const name of namesIn(arrangement)) {
    const [only, ...others] = ids.has(name) ? [name] : (owners.get(name) ?? []);
    if (only === undefined || others.length > 0) unknown.push(name);
    resolved.set(name, only === undefined || others.length > 0 ? name : only);
  }
  const named = (names: readonly string[]) => [...new Set(names.map((name) => resolved.get(name) ?? name))];
  const { pinned, leftOut, broughtIn, order, sections } = arrangement;
  return {
    unknown,
    arrangement: {
      ...arrangement,
      pinned: named(pinned),
      leftOut: named(leftOut),
      broughtIn: named(broughtIn),
      order: named(order),
      sections: Object.fromEntries(
        Object.entries(sections).map(([name, section]) => [resolved.get(name) ?? name, section]),
      ),
    },
  };
}
