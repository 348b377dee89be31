/** The text of a report that is HTML only, line by line. */

const ENTITIES: { readonly [name: string]: string } = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' };

/** What a person reads of it. Markup that is broken stays in the text. */
export function textFromHtml(html: string): string {
  return withoutBlocks(html, ['style', 'script', 'head'])
    .replace(/<(?:br|\/p|\/div|\/tr|\/td|\/th|\/li|\/h\d|hr|p|div|tr|table)\b[^<>]{0,2000}>/gi, '\n')
    .replace(/<[a-z/!][^<>]{0,2000}>/gi, '')
    .replace(/&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,5});/gi, (entity, name: string) => characterOf(name) ?? entity)
    .replace(/[ \t\u00a0]+/g, ' ');
}

function characterOf(name: string): string | undefined {
  if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()];
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function withoutBlocks(html: string, names: readonly string[]): string {
  let rest = html;
  for (const name of names) {
    const lower = rest.toLowerCase();
    let [text, from] = ['', 0];
    for (;;) {
      const begin = lower.indexOf(`<${name}`, from);
      const end = begin === -1 ? -1 : lower.indexOf(`</${name}>`, begin);
      if (end === -1) break;
      text += rest.slice(from, begin);
      from = end;
    }
    rest = text + rest.slice(from);
  }
  return rest;
}
