/** Translations of one post count once (rule: translations). */
import { isSameLanguage } from '../domain/language.js';
import type { KnownPost } from '../domain/post.js';
import type { PostOutcome } from '../domain/selection.js';

/**
 * The translation that goes before each of the others: the one that was sent, else the one in the newsletter's language, else the oldest.
 * @param posts that were or could be sent, oldest first
 * @returns by uid of those that give way
 */
export function preferredTranslations(
  posts: readonly KnownPost[],
  language: string,
  outcomes: ReadonlyMap<string, PostOutcome>,
): ReadonlyMap<string, KnownPost> {
  const groups = new Map<string, KnownPost[]>();
  for (const known of posts) {
    const { source, translationKey } = known.post;
    if (translationKey === undefined) continue;
    const key = JSON.stringify([source, translationKey]);
    const group = groups.get(key) ?? [];
    group.push(known);
    groups.set(key, group);
  }
  const rank = ({ uid, post }: KnownPost) => {
    if (outcomes.get(uid)?.kind === 'carried') return 0;
    if (post.language === language) return 1;
    return post.language !== undefined && isSameLanguage(post.language, language) ? 2 : 3;
  };
  const preferred = new Map<string, KnownPost>();
  for (const group of groups.values()) {
    const [first] = [...group].sort((one, other) => rank(one) - rank(other));
    for (const known of group) {
      // Two posts in one language are two posts, whatever key they share.
      if (first && known.post.language !== first.post.language) preferred.set(known.uid, first);
    }
  }
  return preferred;
}
