/** Finds addresses in text that was written by foreign programs. */

const LOCAL = /[\p{L}\p{N}!#$%&'*+/=?^_`{|}~.-]/u;
const DOMAIN = /[\p{L}\p{N}.-]/u;
const LONGEST_LOCAL = 80;
const LONGEST_DOMAIN = 120;

/** Every address of a text, in order, each once. @param most no more than that many */
export function addressesIn(text: string, most = 20): readonly string[] {
  const found = new Set<string>();
  for (let at = text.indexOf('@'); at !== -1 && found.size < most; at = text.indexOf('@', at + 1)) {
    const address = cleaned(addressAround(text, at));
    if (address !== undefined) found.add(address);
  }
  return [...found];
}

/** The letters around an @ that may belong to an address: searched by hand, because a pattern would begin at every letter. */
function addressAround(text: string, at: number): string {
  let [from, to] = [at, at + 1];
  while (from > 0 && at - from < LONGEST_LOCAL && LOCAL.test(text.charAt(from - 1))) from -= 1;
  while (to < text.length && to - at <= LONGEST_DOMAIN && DOMAIN.test(text.charAt(to))) to += 1;
  return text.slice(from, to);
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

/** Without quotes and full stops around it; `undefined` when nothing is left that could be an address. */
function cleaned(around: string): string | undefined {
  const address = around
    .replace(/^['`.]{1,3}/, '')
    .replace(/^smtp:/i, '')
    .replace(/[.'-]{1,3}$/, '');
  const [local = '', domain = ''] = address.split('@');
  const labels = domain.split('.');
  return local !== '' && labels.every((label) => label !== '' && label.length < 64) ? address : undefined;
}
