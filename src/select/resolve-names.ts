/** Finds the posts an arrangement names, by any key they have, or else by one they had (rule: identity). Pure. */
import { type Arrangement, namesIn } from '../domain/arrangement.js';
import type { KnownKey } from '../domain/ports/posts.js';
import { type KnownPost, publicId } from '../domain/post.js';

export interface ResolvedArrangement {
  /** Every known post by its public id. */
  readonly arrangement: Arrangement;
  /** How each post is named in the arrangement, by its public id. */
  readonly names: ReadonlyMap<string, string>;
  /** Names that no post has, or several. */
  readonly unknown: readonly string[];
}

/** Names the posts of an arrangement by their public ids. An unknown name stays as it is written and has no effect. */
export function resolveNames(
  arrangement: Arrangement,
  posts: readonly KnownPost[],
  keys: readonly KnownKey[],
): ResolvedArrangement {
  const ids = new Set(posts.map(({ post }) => publicId(post.keys)));
  const knownOf = new Map(posts.map((known) => [known.uid, known]));
  const holders = new Map<string, Set<string>>();
  const past = new Map<string, Set<string>>();
  for (const { kind, value, uid } of keys) {
    const known = knownOf.get(uid);
    if (!known) continue;
    const { post, withdrawnAt } = known;
    const owners = post.keys[kind] === value && !withdrawnAt ? holders : past;
    owners.set(value, (owners.get(value) ?? new Set()).add(publicId(post.keys)));
  }
  const unknown: string[] = [];
  const resolved = new Map<string, string>();
  for (const name of namesIn(arrangement)) {
    const [only, ...others] = ids.has(name) ? [name] : (holders.get(name) ?? past.get(name) ?? []);
    if (only === undefined || others.length > 0) unknown.push(name);
    resolved.set(name, only === undefined || others.length > 0 ? name : only);
  }
  const names = new Map([...resolved].map(([name, id]) => [id, name]));
  return { unknown, names, arrangement: renamed(arrangement, resolved) };
}

/** An arrangement with its posts named as its file names them. @param names from `resolveNames` */
export function asWritten(arrangement: Arrangement, names: ReadonlyMap<string, string>): Arrangement {
  return renamed(arrangement, names);
}

function renamed(arrangement: Arrangement, names: ReadonlyMap<string, string>): Arrangement {
  const { pinned, excluded, added, order, sections } = arrangement;
  const nameOf = (id: string) => names.get(id) ?? id;
  const all = (ids: readonly string[]) => [...new Set(ids.map(nameOf))];
  return {
    ...arrangement,
    pinned: all(pinned),
    excluded: all(excluded),
    added: all(added),
    order: all(order),
    sections: Object.fromEntries(Object.entries(sections).map(([id, section]) => [nameOf(id), section])),
  };
}
