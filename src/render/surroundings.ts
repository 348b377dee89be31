/** Which elements of MJML a place is inside of. Pure. */

/** MJML prints each child of these by itself; in others its width depends on how many there are, or it is no MJML at all. */
const INDEPENDENT = new Set(['mj-body', 'mj-wrapper', 'mj-column', 'mj-hero']);
const TAG = /<(\/?)(mj[a-z-]*)((?:"[^"]*"|'[^']*'|[^>"'])*?)(\/?)>/g;

/** The open tags around each place; `undefined` where what is there may not be printed apart from its neighbours. */
export type Around = readonly (string | undefined)[];

/** What is around each mark, in order. */
export function surroundingsOf(mjml: string, markOf: (index: number) => string, count: number): Around {
  const around: (string | undefined)[] = [];
  const open: { readonly name: string; readonly tag: string }[] = [];
  let from = 0;
  for (let index = 0; index < count; index += 1) {
    const at = mjml.indexOf(markOf(index), from);
    for (const [tag, closing, name = '', , empty] of mjml.slice(from, at).matchAll(TAG)) {
      if (closing) open.pop();
      else if (!empty) open.push({ name, tag });
    }
    around.push(INDEPENDENT.has(open.at(-1)?.name ?? '') ? open.map(({ tag }) => tag).join('') : undefined);
    from = at;
  }
  return around;
}
