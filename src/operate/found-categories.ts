/** Which categories of a blog become the sections of its newsletter. Pure. */
import { categoryKey } from '../domain/category.js';
import type { PostHead } from '../domain/post.js';

export interface FoundCategory {
  readonly key: string;
  readonly title: string;
  /** How many posts are in it. */
  readonly posts: number;
}

const MOST_CATEGORIES = 12;
/** So many posts tell whether a category divides them. */
const ENOUGH_POSTS = 5;

/** Names that say no more than that something is a post, as generators and WordPress add them. */
const SAYS_NOTHING = new Set(
  ['all', 'article', 'articles', 'blog', 'blogs', 'general', 'home', 'nav', 'page', 'pages', 'post', 'posts'].concat([
    'allgemein',
    'non-classé',
    'sans-catégorie',
    'sin-categoría',
    'uncategorised',
    'uncategorized',
    'unkategorisiert',
  ]),
);

/** The categories in use, the most used first, each under its commonest spelling; none that says nothing, or that all posts are in. */
export function categoriesOf(posts: readonly PostHead[]): readonly FoundCategory[] {
  const counts = new Map<string, { posts: number; readonly spellings: Map<string, number> }>();
  for (const { categories } of posts) {
    for (const spelling of categories) {
      const key = categoryKey(spelling);
      const count = counts.get(key) ?? { posts: 0, spellings: new Map<string, number>() };
      count.posts += 1;
      count.spellings.set(spelling, (count.spellings.get(spelling) ?? 0) + 1);
      counts.set(key, count);
    }
  }
  const isOfAll = (used: number) => posts.length >= ENOUGH_POSTS && used === posts.length;
  const useful = [...counts].filter(([key, { posts: used }]) => key !== '' && !SAYS_NOTHING.has(key) && !isOfAll(used));
  return useful
    .filter(([, { posts: used }]) => used > 1 || useful.length <= MOST_CATEGORIES)
    .sort(([a, one], [b, other]) => other.posts - one.posts || a.localeCompare(b))
    .slice(0, MOST_CATEGORIES)
    .map(([key, { posts: used, spellings }]) => ({
      key,
      title: titleOf([...spellings].sort(([, one], [, other]) => other - one)[0]?.[0] ?? key),
      posts: used,
    }));
}

/** A heading: `machine-learning` is written as `Machine learning`. */
function titleOf(spelling: string): string {
  const words = /^[\p{Ll}\p{N}_-]+$/u.test(spelling) ? spelling.replace(/[-_]+/g, ' ') : spelling;
  return words.charAt(0).toUpperCase() + words.slice(1);
}
