/** An export of WordPress as a source of posts. The file is read as a stream: heads when it changed, bodies when they are needed. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { CollectRequest, Source } from '../../domain/ports/content.js';
import type { Collection, PostHead } from '../../domain/post.js';
import { unfinished } from '../post-reading.js';
import type { SourceTools } from '../source-tools.js';
import { readInParts, readingOf } from '../web/api-bodies.js';
import { failed } from '../web/api-request.js';
import type { ReadBody, ReadHead } from '../web/listing-api.js';
import type { ReadHeads } from '../wordpress/wordpress-head.js';
import type { WxrOptions } from './export-options.js';
import { readWxr, type WxrItem } from './wxr-items.js';

const TYPE = 'posts';
const ITEMS_AT_ONCE = 50;
/** Posts that WordPress has thrown away or never shown to anybody. */
const GONE: ReadonlySet<unknown> = new Set(['trash', 'auto-draft', 'inherit']);

/** Opens an export; nothing is read before `collect`. */
export function wxrSource(name: string, options: WxrOptions, tools: SourceTools): Source {
  const facts = { name, taxonomies: options.categoriesFrom, language: options.language };
  const isPost = ({ type, status, id }: WxrItem) => id > 0 && options.types.includes(type) && !GONE.has(status);
  return { name, collect, bodies };

  async function collect({ kept, keep, signal }: CollectRequest): Promise<Collection> {
    const version = await hashOf();
    if (kept === version) return { source: name, posts: [], broken: [], complete: false };
    const heads: ReadHead[] = [];
    const pictures = new Map<string, { readonly source_url: unknown; readonly alt_text: unknown }>();
    await eachItem(({ id, type, attachment, alt }) => {
      if (type === 'attachment') pictures.set(String(id), { source_url: attachment, alt_text: alt });
    }, signal);
    let batch: WxrItem[] = [];
    const flush = async () => {
      const bytes = bytesOf(batch.map((item) => withPicture(item, pictures)));
      batch = [];
      const end = await tools.runParse({ kind: 'wordpress-heads', bytes, type: TYPE, facts }, signal);
      if (end.kind !== 'done') throw failed(name, unfinished(end));
      heads.push(...(end.result as ReadHeads).heads);
    };
    await eachItem(async (item) => {
      if (isPost(item)) batch.push(item);
      if (batch.length === ITEMS_AT_ONCE) await flush();
    }, signal);
    await flush();
    keep(version);
    return {
      source: name,
      posts: heads.flatMap((head) => (head.kind === 'post' ? [head.post] : [])),
      broken: heads.flatMap((head) => (head.kind === 'broken' ? [head.broken] : [])),
      complete: true,
    };
  }

  async function bodies(posts: readonly PostHead[], signal?: AbortSignal) {
    const wanted = new Set(posts.map(({ keys }) => keys.path));
    const read = new Map<string, ReadBody>();
    await eachItem(async (item) => {
      if (!wanted.has(`${TYPE}/${item.id}`) || !isPost(item)) return;
      const parse = () => tools.runParse({ kind: 'wordpress-bodies', bytes: bytesOf([item]), type: TYPE }, signal);
      for (const [path, body] of Object.entries(await readInParts(parse, TYPE, [String(item.id)])))
        read.set(path, body);
    }, signal);
    return posts.map((post) => readingOf(post, read.get(post.keys.path ?? '')));
  }

  function open(): AsyncIterable<Uint8Array> {
    return tools.files.stream(resolve(tools.contentDir, options.file));
  }

  async function eachItem(onItem: (item: WxrItem) => Promise<void> | void, signal?: AbortSignal): Promise<void> {
    const end = await readWxr(whileNotAborted(open(), signal), onItem);
    if (end.kind === 'read') return;
    const hint = 'Export it again in WordPress: Tools, Export, All content.';
    throw failed(name, `${options.file} is no export of WordPress (line ${end.line}).`, hint);
  }

  async function hashOf(): Promise<string> {
    const hash = createHash('sha256').update(JSON.stringify(options));
    try {
      for await (const chunk of open()) hash.update(chunk);
    } catch (error) {
      const missing = (error as { code?: unknown }).code === 'ENOENT';
      const what = missing ? `there is no file ${options.file}.` : `the file ${options.file} cannot be read.`;
      throw failed(name, what, 'Correct `file` in content/sources.yaml; it is relative to content/.');
    }
    return hash.digest('hex');
  }
}

function withPicture(item: WxrItem, pictures: ReadonlyMap<string, object>): object {
  const picture = pictures.get(String(item.thumbnail ?? ''));
  const embedded = item._embedded as object;
  return picture === undefined ? item : { ...item, _embedded: { ...embedded, 'wp:featuredmedia': [picture] } };
}

function bytesOf(items: readonly object[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(items));
}

async function* whileNotAborted(bytes: AsyncIterable<Uint8Array>, signal?: AbortSignal): AsyncIterable<Uint8Array> {
  for await (const chunk of bytes) {
    signal?.throwIfAborted();
    yield chunk;
  }
}
