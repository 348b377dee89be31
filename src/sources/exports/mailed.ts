/** Which posts another program has mailed before: from an export, or from a list of addresses. */
import { GazetteError } from '../../domain/errors.js';
import type { MailedPost } from '../../domain/ports/content.js';
import { jsonFrom, listAt, textAt, valueAt } from '../web/json.js';
import { nameFromWeb } from '../web/web-text.js';
import { rowsIn, urlOf } from './substack.js';
import { readWxr } from './wxr-items.js';

/**
 * The posts that a file says were mailed. An export of WordPress does not say it: all its published posts count.
 * Throws `import.unreadable`.
 * @param site where posts of an export are published, when it does not say so
 */
export async function readMailed(bytes: Uint8Array, site?: string): Promise<readonly MailedPost[]> {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return fromSubstack(bytes, site);
  const begin = new TextDecoder().decode(bytes.subarray(0, 1000)).trimStart();
  if (begin.startsWith('{')) return fromGhost(bytes, site);
  return begin.startsWith('<') ? await fromWordPress(bytes) : fromLines(new TextDecoder().decode(bytes));
}

function fromSubstack(bytes: Uint8Array, site: string | undefined): readonly MailedPost[] {
  const rows = rowsIn(bytes);
  if (rows === undefined) throw unreadable('The zip is no export of Substack.');
  if (site === undefined)
    throw unreadable('An export of Substack does not contain the address of its site.', 'Name it: --site https://….');
  const mailed = rows.filter((row) => textAt(row, 'email_sent_at') !== undefined);
  return mailed.map((row) => ({
    where: row.post_id ?? '',
    url: urlOf(row, site),
    id: /^\d+/.exec(row.post_id ?? '')?.[0] ?? '',
  }));
}

/** A post that was mailed names the newsletter of Ghost it was mailed with. */
function fromGhost(bytes: Uint8Array, site: string | undefined): readonly MailedPost[] {
  const json = jsonFrom(bytes);
  const data = valueAt(json, 'db', 0, 'data') ?? valueAt(json, 'data');
  if (!Array.isArray(valueAt(data, 'posts'))) throw unreadable('The JSON is no export of Ghost.');
  const mailed = listAt(data, 'posts').filter(
    (post) => valueAt(post, 'newsletter_id') != null || textAt(post, 'status') === 'sent',
  );
  return mailed.map((post) => {
    const slug = textAt(post, 'slug') ?? '';
    const url = site === undefined ? undefined : new URL(`${slug}/`, site.endsWith('/') ? site : `${site}/`).href;
    return { where: slug, id: String(valueAt(post, 'id')), ...(url !== undefined && { url }) };
  });
}

async function fromWordPress(bytes: Uint8Array): Promise<readonly MailedPost[]> {
  const mailed: MailedPost[] = [];
  const end = await readWxr(pieces(bytes), (item) => {
    if (item.type !== 'post' || item.status !== 'publish') return;
    const id = nameFromWeb(textAt(item, 'guid', 'rendered') ?? '');
    const url = textAt(item, 'link');
    mailed.push({ where: url ?? id, ...(id !== '' && { id }), ...(url !== undefined && { url }) });
  });
  if (end.kind === 'no-export') throw unreadable(`The XML is no export of WordPress (line ${end.line}).`);
  return mailed;
}

const PIECE = 65_536;

async function* pieces(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

/** One address a line; a line that begins with # is a comment. */
function fromLines(text: string): readonly MailedPost[] {
  const lines = text.split(/\r\n|\n|\r/).map((line, index) => ({ text: line.trim(), number: index + 1 }));
  return lines
    .filter((line) => line.text !== '' && !line.text.startsWith('#'))
    .map((line) => {
      if (!URL.canParse(line.text) || !/^https?:/i.test(line.text))
        throw unreadable(`Line ${line.number} is not the address of a post: “${line.text.slice(0, 100)}”.`);
      return { where: `line ${line.number}`, url: new URL(line.text).href };
    });
}

function unreadable(
  message: string,
  hint = 'Give an export of WordPress, Ghost or Substack, or a text file with one address a line.',
): GazetteError {
  return new GazetteError('import.unreadable', message, { hint });
}
