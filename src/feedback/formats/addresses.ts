/** Finds addresses in text that was written by foreign programs. */

/** Bounded, because it is searched for in text of strangers. */
const ANY = /[\p{L}\p{N}!#$%&'*+/=?^_`{|}~.-]{1,80}@[\p{L}\p{N}][\p{L}\p{N}.-]{0,120}/gu;

/** Every address of a text, in order, each once. @param most no more than that many */
export function addressesIn(text: string, most = 20): readonly string[] {
  const found = new Set<string>();
  for (const [address] of text.matchAll(ANY)) {
    const clean = cleaned(address);
    if (clean !== undefined) found.add(clean);
    if (found.size >= most) break;
  }
  return [...found];
}

/** The address that a field names: `rfc822; <ann@example.org> (Ann)`; `undefined` when it names none. */
export function addressOf(value: string): string | undefined {
  // RFC 6533 §3: what is not ASCII may be written as \x{E9}.
  const plain = value.replace(/\\x\{([0-9a-f]{1,6})\}/gi, (_, hex: string) => codePoint(hex));
  const behindType = plain.replace(/^[\w.+-]{1,30}[ \t]{0,8};/, '');
  return addressesIn(behindType, 1)[0];
}

function codePoint(hex: string): string {
  const code = Number.parseInt(hex, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

function cleaned(address: string): string | undefined {
  const clean = address
    .replace(/^['`.]{1,3}/, '')
    .replace(/^smtp:/i, '')
    .replace(/[.'-]{1,3}$/, '');
  return /^.{1,80}@[^.@]{1,63}(\.[^.@]{1,63}){0,20}$/.test(clean) ? clean : undefined;
}
