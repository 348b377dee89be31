/**
 * The grammar of addresses: what may be written to, and when two spellings are one person.
 * RFC 5321 §4.1.2 dot-atoms, with UTF-8 as in RFC 6531 §3.3; no quoted strings, comments or address literals.
 */

export interface Address {
  /** As given, NFC; the local part is never lower-cased. */
  readonly address: string;
  /** The domain in A-labels, lower case. */
  readonly asciiDomain: string;
  /** Equal for two spellings of one mailbox as far as a stranger can tell: case-folded local part, A-label domain. */
  readonly key: string;
  /** True when the local part needs SMTPUTF8 (RFC 6531). */
  readonly needsSmtpUtf8: boolean;
}

const ATEXT = /^[\p{L}\p{N}\p{M}!#$%&'*+\-/=?^_`{|}~]+(?:\.[\p{L}\p{N}\p{M}!#$%&'*+\-/=?^_`{|}~]+)*$/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
// Bidirectional controls, zero-width characters and soft hyphens: they make two different addresses look alike.
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\s]/u;

const UTF8 = new TextEncoder();

/** Reads an address; `undefined` when it is not one that mail can be sent to. */
export function addressFrom(text: string): Address | undefined {
  const address = text.trim().normalize('NFC');
  const at = address.lastIndexOf('@');
  if (at < 1 || INVISIBLE.test(address)) return undefined;
  const local = address.slice(0, at);
  const asciiDomain = asciiDomainFrom(address.slice(at + 1));
  if (asciiDomain === undefined || !ATEXT.test(local)) return undefined;
  // RFC 5321 §4.5.3.1: 64 octets of local part, 254 of path without its angle brackets.
  const octets = UTF8.encode(local).length;
  if (octets > 64 || octets + 1 + asciiDomain.length > 254) return undefined;
  const needsSmtpUtf8 = /[^\u0020-\u007e]/.test(local);
  return { address, asciiDomain, key: `${local.toLowerCase().normalize('NFC')}@${asciiDomain}`, needsSmtpUtf8 };
}

/**
 * One key for all spellings that reach one mailbox at nearly every provider: without a tag behind “+”, and at Gmail
 * without dots. Only for counting: whom a mail goes to, and who is subscribed, is decided by `Address.key`.
 */
export function mailboxKey({ key, asciiDomain }: Address): string {
  const local = key.slice(0, key.lastIndexOf('@'));
  const tag = local.indexOf('+');
  const untagged = tag > 0 ? local.slice(0, tag) : local;
  if (asciiDomain !== 'gmail.com' && asciiDomain !== 'googlemail.com') return `${untagged}@${asciiDomain}`;
  return `${untagged.replaceAll('.', '')}@gmail.com`;
}

/** A host name in A-labels (UTS 46), lower case; `undefined` when it is not a name of at least two labels. */
export function asciiDomainFrom(domain: string): string | undefined {
  if (/[/\\?#@:%[\]\s]/.test(domain)) return undefined;
  const host = isPlainName(domain) ? domain.toLowerCase() : hostNameOf(domain);
  if (host === undefined) return undefined;
  const labels = host.split('.');
  if (labels.length < 2 || host.length > 253 || labels.some((label) => label.length > 63 || !LABEL.test(label)))
    return undefined;
  return /^\d+$/.test(labels.at(-1) as string) ? undefined : host;
}

/** Written in letters, digits and hyphens alone: UTS 46 changes nothing but capitals, and a last label with a letter in front is no number. */
function isPlainName(domain: string): boolean {
  return (
    /^[a-z0-9.-]+$/i.test(domain) && !/xn--/i.test(domain) && /^[a-z]/i.test(domain.slice(domain.lastIndexOf('.') + 1))
  );
}

function hostNameOf(domain: string): string | undefined {
  try {
    return new URL(`http://${domain}/`).hostname;
  } catch {
    return undefined;
  }
}

/** What a log may show of an address: `r…@example.org`. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? '…' : `${[...address][0]}…${address.slice(at)}`;
}

/** A text in which every address is masked: only the first character before the at sign is shown. */
export function maskedAddressesIn(text: string): string {
  const parts = text.split('@');
  return parts
    .map((part, nth) => (/^[\p{L}\p{N}-]+\./u.test(parts[nth + 1] ?? '') ? withoutLocalPart(part) : part))
    .join('@');
}

const LONGEST_LOCAL_PART = 64;

function withoutLocalPart(text: string): string {
  let start = text.length;
  while (start > 0 && text.length - start < LONGEST_LOCAL_PART && !/[\s<>()[\]"',;:/=…]/.test(text.charAt(start - 1))) {
    start -= 1;
  }
  const [first = ''] = text.slice(start, start + 2);
  return first === '' ? text : `${text.slice(0, start)}${first}…`;
}
