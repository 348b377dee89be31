/** Looks for texts from ever later places: however often it is asked, each text is looked for once over the whole. */

/** Where `wanted` is next, at or after `from`, or -1. For each text, `from` never goes back. */
export type ForwardSearch = (wanted: string, from: number) => number;

export function forwardSearch(text: string): ForwardSearch {
  const next = new Map<string, number>();
  return (wanted, from) => {
    let at = next.get(wanted);
    if (at === undefined || (at !== -1 && at < from)) {
      at = text.indexOf(wanted, from);
      next.set(wanted, at);
    }
    return at;
  };
}
