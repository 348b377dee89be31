/** The categories of a post, by the keys its site uses for them. */
import { categoryKey } from '../domain/category.js';
import { dialectNamed } from './dialects/index.js';
import type { PathFacts } from './file-name.js';
import { type FieldReader, isMap } from './post-fields.js';
import type { SourceFacts } from './source-facts.js';

/** As the author wrote them, each once, in its first spelling. */
export function categoriesOf(fields: FieldReader, path: PathFacts, source: SourceFacts): readonly string[] {
  const { generator, categoriesFrom } = source;
  if (categoriesFrom !== undefined) return distinct(namesUnder(categoriesFrom, fields, path, source));
  const own = generator.taxonomies.length > 0 ? generator.taxonomies : ['category', 'categories'];
  const named = distinct([...path.categories, ...namesUnder(own, fields, path, source)]);
  return named.length > 0 ? named : distinct(namesUnder(['tags'], fields, path, source));
}

/** Those an address may hold: never tags. */
export function categoriesInUrl(fields: FieldReader, path: PathFacts, source: SourceFacts): readonly string[] {
  return distinct([...path.categories, ...namesUnder(['category', 'categories'], fields, path, source)]);
}

function namesUnder(
  keys: readonly string[],
  fields: FieldReader,
  path: PathFacts,
  source: SourceFacts,
): readonly string[] {
  const { splitsCategories, structuralTags } = dialectNamed(source.generator.dialect);
  return keys
    .flatMap((key): readonly string[] => {
      if (key === 'folder') return path.path.split('/').slice(-2, -1);
      const [first = '', ...steps] = key.toLowerCase().split('.');
      const field = fields.field(first);
      if (isMap(field?.value)) return namesIn(field.value, steps);
      // Jekyll: `categories: a b` names two, `category: a b` one.
      const isSplit =
        splitsCategories && (first === 'categories' || first === 'tags') && typeof field?.value === 'string';
      if (!isSplit) return fields.list(first);
      const text = String(field.value);
      return text.split(text.includes(',') ? ',' : /\s+/).map((name) => name.trim());
    })
    .filter((name) => !structuralTags.includes(name.toLowerCase()));
}

/** The texts in a map of lists, such as Zola's `[taxonomies]`, or below one of its keys. */
function namesIn(value: unknown, steps: readonly string[]): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap((each) => namesIn(each, steps));
  if (!isMap(value)) return [];
  const [step, ...rest] = steps;
  const entries = Object.entries(value).filter(([key]) => step === undefined || key.toLowerCase() === step);
  return entries.flatMap(([, inner]) => namesIn(inner, rest));
}

function distinct(names: readonly string[]): readonly string[] {
  const spellings = new Map<string, string>();
  for (const name of names) {
    const key = categoryKey(name);
    if (key !== '' && !spellings.has(key)) spellings.set(key, name);
  }
  return [...spellings.values()];
}
