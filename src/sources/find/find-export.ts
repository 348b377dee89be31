/** Recognises an export of WordPress, Ghost or Substack by its first bytes, and reads what it says of its blog. */
import { basename } from 'node:path';
import { GazetteError } from '../../domain/errors.js';
import type { FoundBlog } from '../../domain/found-blog.js';
import type { Files } from '../../domain/ports/host.js';
import type { SourceTools } from '../source-tools.js';
import { jsonFrom, listAt, textAt, valueAt } from '../web/json.js';
import { ghostLook } from './find-ghost.js';
import { plainText } from './page-head.js';
import { known } from './page-look.js';

/** The first bytes of a file; `undefined` when there is no file of this name. */
export async function beginOf(files: Pick<Files, 'stream'>, path: string): Promise<Uint8Array | undefined> {
  try {
    for await (const bytes of files.stream(path)) return bytes;
    return new Uint8Array();
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes(String((error as { code?: unknown }).code))) return undefined;
    throw error;
  }
}

/** @param begin its first bytes @throws GazetteError `source.failed` for a file of another kind */
export async function findExport(file: string, begin: Uint8Array, { files }: SourceTools): Promise<FoundBlog> {
  const text = new TextDecoder().decode(begin).trimStart();
  if (begin[0] === 0x50 && begin[1] === 0x4b) return { ...found(file, 'substack', 'Substack'), notes: notesOf(true) };
  if (text.startsWith('{')) return ghostExport(file, await files.read(file));
  if (text.startsWith('<')) return wordPressExport(file, text);
  throw new GazetteError('source.failed', `${file} is no export of a blog.`, {
    hint: 'Give an export of WordPress (.xml), Ghost (.json) or Substack (.zip), the folder of a blog’s files, or its address.',
  });
}

function wordPressExport(file: string, text: string): FoundBlog {
  // What is said of the channel stands before its first item.
  const head = text.split('<item>', 1)[0] ?? '';
  const said = (name: string) => {
    const from = head.indexOf(`<${name}>`);
    const to = head.indexOf(`</${name}>`, from);
    if (from === -1 || to === -1) return undefined;
    return plainText(head.slice(from + name.length + 2, to).replace(/<!\[CDATA\[|\]\]>/g, ''));
  };
  const site = said('wp:base_blog_url') ?? said('link');
  return {
    ...found(file, 'wxr', 'WordPress'),
    notes: notesOf(false),
    ...known({
      title: said('title'),
      language: said('language'),
      site: site !== undefined && URL.canParse(site) && /^https?:/i.test(site) ? site : undefined,
    }),
  };
}

function ghostExport(file: string, bytes: Uint8Array | undefined): FoundBlog {
  const json = bytes && jsonFrom(bytes);
  const data = valueAt(json, 'db', 0, 'data') ?? valueAt(json, 'data');
  const settings = Object.fromEntries(
    listAt(data, 'settings').map((each) => [textAt(each, 'key') ?? '', valueAt(each, 'value')]),
  );
  return {
    ...found(file, 'ghost-export', 'Ghost'),
    notes: notesOf(true),
    ...ghostLook(settings),
    ...known({
      title: textAt(settings, 'title'),
      language: textAt(settings, 'locale') ?? textAt(settings, 'lang'),
      timezone: textAt(settings, 'timezone'),
    }),
  };
}

function found(file: string, kind: string, maker: string): Pick<FoundBlog, 'options' | 'what'> {
  return { options: { kind, file }, what: `an export of ${maker}, ${basename(file)}` };
}

function notesOf(lacksSite: boolean): readonly string[] {
  const site =
    'The export does not say where the blog is: correct `site` in content/sources.yaml, or give it with --site.';
  return [
    ...(lacksSite ? [site] : []),
    'New posts come with a new export under the same name. `gazette history import` marks what the export says was mailed.',
  ];
}
