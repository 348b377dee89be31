/** Reads values out of JSON that another program made: whatever is not as expected is absent. */

export type JsonObject = { readonly [key: string]: unknown };

/** The value at the end of a path of own properties and indexes. */
export function valueAt(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as { readonly [key: string | number]: unknown })[step];
  }
  return found;
}

/** Text with something in it. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' && found.trim() !== '' ? found.trim() : undefined;
}

export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** A whole number above zero, also when written as text. */
export function countAt(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const found = Number(valueAt(value, ...path));
  return Number.isInteger(found) && found > 0 ? found : undefined;
}

/** The moment a text such as `2026-06-18T22:30:00Z` names; without an offset it is UTC. */
export function instantIn(value: unknown, ...path: readonly (string | number)[]): Date | undefined {
  const written = textAt(value, ...path)?.replace(' ', 'T');
  if (written === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(written) || written.startsWith('0000'))
    return undefined;
  const date = new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(written) ? written : `${written}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The JSON in some bytes; `undefined` when it is none. */
export function jsonFrom(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
