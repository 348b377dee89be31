/** Reads configuration files of site generators: YAML, TOML and JSON as data, JavaScript only as text that is never run. */
import { type FieldsResult, fieldsFromJson, fieldsFromToml, fieldsFromYaml } from '../front-matter-fields.js';
import { isMap } from '../post-fields.js';

export type Data = { readonly [key: string]: unknown };

/** A configuration file as data, its keys as written; empty when it is not valid. */
export function dataFrom(path: string, text: string): Data {
  return dataOf(
    /\.toml$/i.test(path)
      ? fieldsFromToml(text)
      : /\.json5?$/i.test(path)
        ? fieldsFromJson(text)
        : fieldsFromYaml(text),
  );
}

/** The front matter of a file as data. Its parser is loaded only now: the settings of a source need none. */
export async function frontMatterData(text: string): Promise<Data> {
  const { frontMatterFrom } = await import('../front-matter.js');
  const result = frontMatterFrom(text);
  return result.kind === 'read' ? dataOf({ kind: 'fields', fields: result.frontMatter.fields, notes: [] }) : {};
}

function dataOf(result: FieldsResult): Data {
  if (result.kind === 'trouble') return {};
  return Object.fromEntries([...result.fields.values()].map(({ key, value }) => [key, value]));
}

/** A text in nested data: `textIn(config, 'params', 'author')`; capitals of keys make no difference. */
export function textIn(data: unknown, ...path: readonly string[]): string | undefined {
  const value = valueIn(data, ...path);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

export function valueIn(data: unknown, ...path: readonly string[]): unknown {
  let value = data;
  for (const step of path) {
    if (!isMap(value)) return undefined;
    const key = Object.keys(value).find((each) => each.toLowerCase() === step.toLowerCase());
    value = key === undefined ? undefined : value[key];
  }
  return value;
}

/** Texts of a list, or one text. */
export function textsIn(data: unknown, ...path: readonly string[]): readonly string[] {
  const value = valueIn(data, ...path);
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

/** The texts of a map of texts. */
export function mapIn(data: unknown, ...path: readonly string[]): { readonly [key: string]: string } {
  const value = valueIn(data, ...path);
  if (!isMap(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The first text a key is given in JavaScript, `url: 'https://…'`, which is found and never run. */
export function textInScript(script: string, key: string): string | undefined {
  for (let at = script.indexOf(key); at !== -1; at = script.indexOf(key, at + 1)) {
    const line = script.slice(at + key.length, at + 500).split('\n', 1)[0] as string;
    const assigned = /^["']?[ \t]*[:=][ \t]*(["'`])/.exec(line);
    if (assigned === null || /[\w$]/.test(script.charAt(at - 1))) continue;
    const rest = line.slice(assigned[0].length);
    const end = rest.indexOf(assigned[1] as string);
    const text = end === -1 ? '' : rest.slice(0, end);
    if (text !== '' && !text.includes('${')) return text;
  }
  return undefined;
}

/** Whether JavaScript gives a key this bare value: `cleanUrls: true`. */
export function saysInScript(script: string, key: string, value: string): boolean {
  return script.split('\n').some((line) => {
    const [name = '', ...rest] = line.trim().split(':');
    return name.replace(/["']/g, '') === key && rest.join(':').trim().replace(/,$/, '').trim() === value;
  });
}

/** An address with the path a site is below it, without a slash at the end. */
export function siteUrlFrom(url: string | undefined, base = ''): string | undefined {
  if (url === undefined || !/^https?:\/\//i.test(url)) return undefined;
  try {
    const { origin, pathname } = new URL(url);
    const path = `${pathname}/${base}`.split('/').filter((step) => step !== '');
    return [origin, ...path].join('/');
  } catch {
    return undefined;
  }
}

/** Names by key, from a map of texts or of maps with a `name`. */
export function authorNames(authors: Data | undefined): { readonly [key: string]: string } {
  const names = Object.entries(authors ?? {}).flatMap(([key, author]) => {
    const name = textIn(author, 'name') ?? textIn(author, 'display_name') ?? textIn(author, 'title');
    return name === undefined ? [] : [[key, name] as const];
  });
  return { ...mapIn({ authors }, 'authors'), ...Object.fromEntries(names) };
}

/** Facts without those that are not there. */
export function withoutUndefined<Of extends object>(facts: Of): { [Key in keyof Of]?: Exclude<Of[Key], undefined> } {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Of]?: Exclude<Of[Key], undefined>;
  };
}
