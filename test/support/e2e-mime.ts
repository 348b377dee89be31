/** A small MIME reader that shares no code with the program nor with its libraries: bytes in, structure out. */

export interface RawHeader {
  readonly name: string;
  /** As it stands on the wire, folds and all. */
  readonly raw: string;
  /** Unfolded (RFC 5322 §2.2.3). */
  readonly value: string;
}

export interface RawPart {
  readonly headers: readonly RawHeader[];
  readonly body: Buffer;
}

/** Splits a message or a part at its first empty line. Throws where a header line is none. */
export function partFrom(bytes: Buffer): RawPart {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) throw new Error('no empty line after the headers');
  const block = bytes.subarray(0, end + 2).toString('latin1');
  const fields = block.match(/[^\r\n]+\r\n(?:[ \t][^\r\n]*\r\n)*/g) ?? [];
  if (fields.join('') !== block) throw new Error(`a header block with stray lines: ${JSON.stringify(block)}`);
  return { headers: fields.map(headerFrom), body: bytes.subarray(end + 4) };
}

function headerFrom(raw: string): RawHeader {
  const [, name = '', value = ''] = /^([!-9;-~]+):([\s\S]*)\r\n$/.exec(raw) ?? [];
  if (name === '') throw new Error(`not a header: ${JSON.stringify(raw)}`);
  return { name, raw, value: value.replace(/\r\n(?=[ \t])/g, '').trim() };
}

export function headersNamed(part: RawPart, name: string): readonly RawHeader[] {
  return part.headers.filter((header) => header.name.toLowerCase() === name.toLowerCase());
}

/** The value of a header that must stand there exactly once. */
export function headerOf(part: RawPart, name: string): string {
  const [first, ...others] = headersNamed(part, name);
  if (!first || others.length > 0) throw new Error(`${name} stands there ${others.length + (first ? 1 : 0)} times`);
  return first.value;
}

/** The parts of a multipart body (RFC 2046 §5.1.1); throws where a boundary is missing or text lies outside. */
export function partsOf(part: RawPart): readonly RawPart[] {
  const boundary = /boundary="([^"]+)"/.exec(headerOf(part, 'Content-Type'))?.[1];
  if (boundary === undefined) throw new Error('no boundary');
  const text = `\r\n${part.body.toString('latin1')}`;
  const pieces = text.split(`\r\n--${boundary}`);
  const [before = '', ...rest] = pieces;
  const after = rest.pop() ?? '';
  if (before.trim() !== '' || !/^--\s*$/.test(after)) throw new Error('text outside the parts');
  return rest.map((piece) => {
    if (!piece.startsWith('\r\n')) throw new Error('a boundary that goes on');
    return partFrom(Buffer.from(piece.slice(2), 'latin1'));
  });
}

/** The text of a part in UTF-8; throws where bytes are not. */
export function textOf(part: RawPart): string {
  if (!/charset="?utf-8"?/i.test(headerOf(part, 'Content-Type'))) throw new Error('not UTF-8');
  const bytes = decoded(headerOf(part, 'Content-Transfer-Encoding').toLowerCase(), part.body.toString('latin1'));
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

function decoded(encoding: string, text: string): Buffer {
  if (encoding === 'base64') return Buffer.from(text, 'base64');
  if (encoding !== 'quoted-printable') return Buffer.from(text, 'latin1');
  const soft = text.replace(/=\r\n/g, '');
  const stray = /=(?![0-9A-F]{2})|[^\t\r\n -~]/.exec(soft);
  if (stray) throw new Error(`not quoted-printable at ${JSON.stringify(soft.slice(stray.index, stray.index + 20))}`);
  const bytes = soft.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}
