/** How large a mail is in a reader's hands: what a client may clip (rule: clip). */
import { fillSegments, type MergeValues, type RenderedMail } from '../domain/edition.js';

/** Bytes of HTML, decoded or encoded, above which a mail may be clipped. */
export const CLIP_BYTES = 95_000;

/** The longest values a reader's copy is likely to hold. */
export const LONGEST_VALUES: MergeValues = {
  name: 'Ŵ'.repeat(60),
  address: `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.example.org`,
  unsubscribeUrl: longUrl('unsubscribe'),
  preferencesUrl: longUrl('preferences'),
  webUrl: longUrl('issues'),
};

export interface MailSize {
  readonly decoded: number;
  readonly quotedPrintable: number;
  readonly base64: number;
  /** The larger of decoded and the shorter encoding: what the clip goes by. */
  readonly counted: number;
}

/** The size of the HTML with its merge fields filled with the longest plausible values. */
export function measureMail(mail: RenderedMail): MailSize {
  const bytes = new TextEncoder().encode(fillSegments(mail.html, LONGEST_VALUES));
  const quotedPrintable = quotedPrintableLength(bytes);
  const base64 = Math.ceil(bytes.length / 57) * 2 + Math.ceil(bytes.length / 3) * 4;
  const counted = Math.max(bytes.length, Math.min(quotedPrintable, base64));
  return { decoded: bytes.length, quotedPrintable, base64, counted };
}

/** Octets after quoted-printable with lines of at most 76 (RFC 2045 §6.7). */
function quotedPrintableLength(bytes: Uint8Array): number {
  let total = 0;
  let line = 0;
  for (const byte of bytes) {
    if (byte === 10) {
      total += 2;
      line = 0;
      continue;
    }
    if (byte === 13) continue;
    const size = byte === 61 || byte > 126 || (byte < 32 && byte !== 9) ? 3 : 1;
    if (line + size > 75) {
      total += 3;
      line = 0;
    }
    total += size;
    line += size;
  }
  return total;
}

function longUrl(page: string): string {
  return `https://newsletter.example.org/${page}/${'x'.repeat(200)}`;
}
