/** The bytes of a text file as text: UTF-8, UTF-16 or Windows-1252, with LF line ends. */
import { TextDecoder } from 'node:util';
import { GazetteError } from '../domain/errors.js';

export type ByteSource = Uint8Array | AsyncIterable<Uint8Array>;

/** Enough bytes after the first one that is not ASCII to tell UTF-8 from Windows-1252. */
const PROOF_BYTES = 16;

/**
 * The text in pieces, without a byte order mark. A file without one is UTF-8 if the bytes from its first non-ASCII byte on are
 * valid UTF-8. Throws `import.unreadable` when a later part is not in that encoding.
 */
export async function* decodeText(source: ByteSource): AsyncGenerator<string> {
  const decode = openDecoder();
  const ends = lineEnds();
  for await (const chunk of source instanceof Uint8Array ? [source] : source) yield ends(decode(chunk, false), false);
  yield ends(decode(new Uint8Array(), true), true);
}

type Decode = (chunk: Uint8Array, isLast: boolean) => string;

/** Passes ASCII on as it comes and chooses an encoding at the first other byte. */
function openDecoder(): Decode {
  let decoder: TextDecoder | undefined;
  let isBegun = false;
  let held = Buffer.alloc(0);
  return (chunk, isLast) => {
    held = Buffer.concat([held, chunk]);
    if (!isBegun && held.length < 4 && !isLast) return '';
    if (!isBegun) decoder = decoderFromStart(held);
    isBegun = true;
    let ascii = '';
    if (decoder === undefined) {
      const rest = held.findIndex((byte) => byte >= 0x80);
      ascii = held.toString('latin1', 0, rest < 0 ? held.length : rest);
      held = held.subarray(ascii.length);
      if (held.length < PROOF_BYTES && !isLast) return ascii;
      const proof = held.subarray(0, PROOF_BYTES);
      decoder = new TextDecoder(isUtf8(proof, isLast && proof.length === held.length) ? 'utf-8' : 'windows-1252', {
        fatal: true,
      });
    }
    const text = decodeWith(decoder, held, !isLast);
    held = Buffer.alloc(0);
    return ascii + text;
  };
}

function decoderFromStart(bytes: Uint8Array): TextDecoder | undefined {
  const marked = markedEncoding(bytes);
  if (marked) return new TextDecoder(marked, { fatal: true });
  // ASCII text in UTF-16 has a zero in every other byte; no other text file begins with a zero byte nearby.
  if (bytes[0] === 0 && bytes[1] !== 0) return new TextDecoder('utf-16be', { fatal: true });
  return bytes[0] !== 0 && bytes[1] === 0 ? new TextDecoder('utf-16le', { fatal: true }) : undefined;
}

function markedEncoding(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

function isUtf8(bytes: Uint8Array, isWhole: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole });
    return true;
  } catch {
    return false;
  }
}

function decodeWith(decoder: TextDecoder, bytes: Uint8Array, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch (cause) {
    throw new GazetteError('import.unreadable', 'The file mixes several text encodings.', {
      hint: 'Save it as UTF-8 and import it again; nothing was imported.',
      cause,
    });
  }
}

/** Turns CRLF and CR into LF, also where a CRLF is split between two chunks. */
function lineEnds(): (text: string, isLast?: boolean) => string {
  let carry = '';
  return (text, isLast = false) => {
    const whole = carry + text;
    carry = !isLast && whole.endsWith('\r') ? '\r' : '';
    return whole.slice(0, whole.length - carry.length).replace(/\r\n?/g, '\n');
  };
}
