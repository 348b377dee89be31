/** The bytes of a feed as text, in whatever encoding it has, says it has, or is said to have. */
import { cleanText } from '../text-from-bytes.js';

/** Characters that a text of this encoding cannot have are replaced, never thrown for. @param contentType the header, if any */
export function feedTextFrom(bytes: Uint8Array, contentType: string | undefined): string {
  return cleanText(new TextDecoder(encodingOf(bytes, contentType)).decode(bytes));
}

function encodingOf(bytes: Uint8Array, contentType = ''): string {
  const marked = markedEncoding(bytes);
  if (marked !== undefined) return marked;
  const declared = [charsetIn(contentType), declaredIn(bytes)].flatMap((label) => knownEncoding(label) ?? []);
  // Text that is valid as UTF-8 is hardly ever anything else, whatever a server was set up to say.
  const isUtf8 = isValidUtf8(bytes);
  return (
    declared.find((name) => !(isUtf8 && name === 'windows-1252') && !(name === 'utf-8' && !isUtf8)) ??
    (isUtf8 ? 'utf-8' : 'windows-1252')
  );
}

function markedEncoding([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be';
  return undefined;
}

function charsetIn(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
}

function declaredIn(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 200));
  return /^\s*<\?xml\s[^>]*\bencoding\s*=\s*["']([^"']+)/.exec(start)?.[1];
}

function knownEncoding(label: string | undefined): string | undefined {
  try {
    const name = label === undefined ? undefined : new TextDecoder(label).encoding;
    // A declaration that could be read as ASCII is not in UTF-16.
    return name?.startsWith('utf-16') ? undefined : name;
  } catch {
    return undefined;
  }
}

function isValidUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
