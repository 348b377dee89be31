/** How large a mail is in a reader's hands: what a client may clip (rule: clip). */
import { fillSegments, type MergeValues, type Piece, type RenderedMail, type Segments } from '../domain/edition.js';

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

/** The size of the HTML with its merge fields filled with the longest plausible values: the sum of its parts, each measured once. */
export function measureMail(mail: RenderedMail): MailSize {
  return sizeFrom(sizeOf(mail.html));
}

/** The size of a text as part of a mail. */
export function measureText(text: string): MailSize {
  return sizeFrom(filledSize(text));
}

function sizeFrom({ decoded, quotedPrintable }: Bytes): MailSize {
  const base64 = Math.ceil(decoded / 57) * 2 + Math.ceil(decoded / 3) * 4;
  const counted = Math.max(decoded, Math.min(quotedPrintable, base64));
  return { decoded, quotedPrintable, base64, counted };
}

type Bytes = Pick<MailSize, 'decoded' | 'quotedPrintable'>;

const measured = new WeakMap<Piece, Bytes>();
/** `=`, CR and LF between two parts of a line. */
const SOFT_BREAK = 3;

function sizeOf(segments: Segments): Bytes {
  let [decoded, quotedPrintable] = [0, -SOFT_BREAK];
  for (const segment of segments) {
    const size = typeof segment === 'object' && segment.kind === 'piece' ? pieceSize(segment) : filledSize(segment);
    decoded += size.decoded;
    quotedPrintable += size.quotedPrintable + SOFT_BREAK;
  }
  return { decoded, quotedPrintable: Math.max(0, quotedPrintable) };
}

function pieceSize(piece: Piece): Bytes {
  const size = measured.get(piece) ?? sizeOf(piece.segments);
  measured.set(piece, size);
  return size;
}

function filledSize(segment: Segments[number]): Bytes {
  const bytes = new TextEncoder().encode(fillSegments([segment], LONGEST_VALUES));
  return { decoded: bytes.length, quotedPrintable: quotedPrintableLength(bytes) };
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
