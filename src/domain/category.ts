/** A subject a post belongs to and a reader may choose, as a newsletter presents it. */
export interface Category {
  readonly key: string;
  /** Heading by language; always has the newsletter's own language. */
  readonly title: { readonly [language: string]: string };
  /** Other spellings that mean this category. */
  readonly also: readonly string[];
}

/** The section of posts in no category of the newsletter. Readers may choose it by this name. */
export const OTHER = 'other';

/** The form in which two spellings of a category are compared: NFC, lower case, spaces and underscores as `-`. */
export function categoryKey(spelling: string): string {
  return spelling
    .normalize('NFC')
    .toLowerCase()
    .trim()
    .replace(/[\s_]+/g, '-');
}

/** The category keys a reader chose; `undefined` means everything, later categories included. */
export type CategoryPreferences = readonly string[] | undefined;

/** The stored form of preferences: sorted keys joined by a comma; `*` for everything. */
export function preferencesKey(preferences: CategoryPreferences): string {
  return preferences === undefined ? '*' : [...new Set(preferences.map(categoryKey))].sort().join(',');
}

export function preferencesFromKey(key: string): CategoryPreferences {
  if (key === '*') return undefined;
  return key === '' ? [] : key.split(',');
}

/** Names the preferences `wishes`, the key that JSON output has for them. */
export function preferencesAsWishes<Of extends { readonly preferences: CategoryPreferences }>({
  preferences,
  ...others
}: Of) {
  return { ...others, wishes: preferences };
}

export function isWanted(preferences: CategoryPreferences, category: string): boolean {
  return preferences === undefined || preferences.includes(category);
}

/** The key of the category that a spelling names, also by a name under `also`; `undefined` when there is none. */
export function keyNamed(spelling: string, categories: readonly Category[]): string | undefined {
  const wanted = categoryKey(spelling);
  return wanted === OTHER ? OTHER : keysByName(categories).get(wanted);
}

/** Asked for every choice of every reader. */
const byName = new WeakMap<readonly Category[], ReadonlyMap<string, string>>();

function keysByName(categories: readonly Category[]): ReadonlyMap<string, string> {
  const known = byName.get(categories);
  if (known) return known;
  // The first category of a name is the one that is meant.
  const pairs = categories.flatMap((category) => namesOf(category).map((name) => [name, category.key] as const));
  const keys = new Map(pairs.reverse());
  byName.set(categories, keys);
  return keys;
}

/** Every name by which posts and preferences may call a category: its key first, then those under `also`. */
export function namesOf({ key, also }: Category): readonly string[] {
  return [key, ...also].map(categoryKey);
}

/** Preferences with every category by its present key; names that no category has stay as they are (rule: category-preferences). */
export function presentPreferences(
  preferences: CategoryPreferences,
  categories: readonly Category[],
): CategoryPreferences {
  return preferences?.map((name) => keyNamed(name, categories) ?? name);
}

/** The newsletter's categories a post is in, in the newsletter's order; `other` alone when it is in none. */
export function sectionsOf(spellings: readonly string[], categories: readonly Category[]): readonly string[] {
  const keys = new Set(spellings.map(categoryKey));
  const sections = categories
    .filter((category) => namesOf(category).some((name) => keys.has(name)))
    .map(({ key }) => key);
  return sections.length > 0 ? sections : [OTHER];
}

/** What readers choose from (rule: category-preferences): the categories and `other`; nothing where there are no categories. */
export function choosableKeys(categories: readonly Category[]): readonly string[] {
  return categories.length === 0 ? [] : [...categories.map(({ key }) => key), OTHER];
}

/** Those of the given categories that a reader can choose, by their keys in the newsletter's order. */
export function knownKeys(categories: readonly Category[], names: readonly string[]): readonly string[] {
  const keys = new Set(presentPreferences(names, categories));
  return choosableKeys(categories).filter((key) => keys.has(key));
}
