/** Reads JSON that somebody else wrote: whatever is missing or of another kind is `undefined`. */

/** The value a body holds; `undefined` when it is no JSON in UTF-8. */
export function jsonFrom(body: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** The value at a path of keys. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as { readonly [key: string]: unknown })[key];
  }
  return at;
}

/** The text at a path; numbers as they are written, and an empty text is none. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path);
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** The values of a list; empty for anything else. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The events of a call that holds one of them or a list; `undefined` when it holds neither. */
export function eventsFrom(body: Uint8Array): readonly unknown[] | undefined {
  const call = jsonFrom(body);
  if (typeof call !== 'object' || call === null) return undefined;
  return Array.isArray(call) ? call : [call];
}

/** The instant that a number of seconds or an ISO text names. */
export function dateAt(value: unknown, ...path: readonly string[]): Date | undefined {
  const text = textAt(value, ...path);
  if (text === undefined) return undefined;
  const date = /^\d{9,11}(?:\.\d+)?$/.test(text) ? new Date(Number(text) * 1000) : isoDate(text);
  return date && !Number.isNaN(date.getTime()) ? date : undefined;
}

function isoDate(text: string): Date | undefined {
  return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text) && text.length < 40 ? new Date(text) : undefined;
}
