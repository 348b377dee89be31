/** Mails kept in files: one mail, an mbox, or a Maildir, read one after another without holding more than one. */
import { relative } from 'node:path';
import type { Files } from '../domain/ports/host.js';

/** More than any report has before what it returns; the rest of a mail is not kept. */
const MOST_BYTES = 1024 * 1024;

/** Every mail below a path. Throws the system's error when there is nothing to read there. */
export async function* mailsAt(files: Pick<Files, 'list' | 'stream'>, path: string): AsyncIterable<Uint8Array> {
  const listed = await files.list(path).catch(() => undefined);
  if (listed === undefined) yield* mailsIn(files.stream(path));
  else for (const file of mailsOfFolder(listed, path)) yield* mailsIn(files.stream(file));
}

/** Of a Maildir what has been delivered, without the files of its server; of any other folder all files. */
function mailsOfFolder(paths: readonly string[], folder: string): readonly string[] {
  const isBelow = (names: RegExp) => (path: string) => names.test(relative(folder, path));
  const delivered = paths.filter(isBelow(/(^|[\\/])(cur|new)[\\/]/));
  return delivered.length > 0 ? delivered : paths.filter((path) => !isBelow(/^tmp[\\/]/)(path));
}

const LINE_FEED = 10;
const FROM = Buffer.from('From ');

/** Splits an mbox at its `From ` lines; anything else is one mail. */
export async function* mailsIn(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let mail: Uint8Array[] = [];
  let [length, isMbox, isFirst, wasBlank] = [0, false, true, true];
  for await (const line of linesOf(bytes)) {
    const isFrom = FROM.equals(line.subarray(0, FROM.length));
    if (isFirst) isMbox = isFrom;
    isFirst = false;
    if (isMbox && isFrom && wasBlank) {
      if (length > 0) yield Buffer.concat(mail);
      [mail, length] = [[], 0];
    } else if (length < MOST_BYTES) {
      mail.push(line);
      length += line.length;
    }
    wasBlank = line.length <= 2 && line[line.length - 1] === LINE_FEED;
  }
  if (length > 0) yield Buffer.concat(mail);
}

/** Lines with their ends; one that is longer than a piece of the stream comes in pieces. */
async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  for await (const piece of bytes) {
    const buffer = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let from = 0;
    for (let end = buffer.indexOf(LINE_FEED); end !== -1; end = buffer.indexOf(LINE_FEED, from)) {
      yield buffer.subarray(from, end + 1);
      from = end + 1;
    }
    rest = buffer.subarray(from);
    if (rest.length > MOST_BYTES) {
      yield rest;
      rest = new Uint8Array();
    }
  }
  if (rest.length > 0) yield rest;
}
