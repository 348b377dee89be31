/**
 * Quoted-printable (RFC 2045 §6.7), stricter than it asks so that a part needs nothing more on its way:
 * no line begins with a dot (RFC 5321 §4.5.2) or "From ", none ends with white space, no two spaces follow one
 * another and every tab is encoded: such a body is its own relaxed canonical form (RFC 6376 §3.4.4).
 */

/** Ends an encoded line without ending the line of text. */
export const SOFT_BREAK = '=\r\n';

/** Longest run of encoded characters on a line: with the `=` of a soft break it is 76. */
const ROOM = 75;

const BYTES = Array.from({ length: 256 }, (_, byte) =>
  byte > 0x20 && byte < 0x7f && byte !== 0x3d
    ? String.fromCharCode(byte)
    : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
);

/** Encodes a text that begins at the start of an encoded line. Bare CR and LF count as line ends. */
export function quotedPrintableFrom(text: string): string {
  // A value of one reader is most often a short plain word.
  if (text.length <= ROOM && /^[!-,/-<>-EG-~][!-<>-~]*$/.test(text)) return text;
  return text
    .split(/\r\n|\r|\n/)
    .map(encodedLine)
    .join('\r\n');
}

function encodedLine(line: string): string {
  const bytes = Buffer.from(line);
  let encoded = '';
  let column = 0;
  let afterSpace = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    let token = BYTES[byte] as string;
    if (byte === 0x20 && !afterSpace && at < bytes.length - 1) token = ' ';
    if (column + token.length > ROOM) {
      encoded += SOFT_BREAK;
      column = 0;
    }
    if (column === 0 && (byte === 0x2e || isFromLine(bytes, at))) token = byte === 0x2e ? '=2E' : '=46';
    encoded += token;
    column += token.length;
    afterSpace = token === ' ';
  }
  return encoded;
}

function isFromLine(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x46 && bytes.toString('latin1', at, at + 5) === 'From ';
}
