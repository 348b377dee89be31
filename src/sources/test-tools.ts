/** What a source is handed in a test: files and addresses in memory, and no network. */
import type { Files, WebResponse } from '../domain/ports/host.js';
import { parseHere } from './parse-here.js';
import type { SourceTools } from './source-tools.js';

export interface TestWorld {
  /** Bodies of answers, by address; any other address is not found. */
  readonly web?: { readonly [url: string]: string };
  /** Contents of files, by absolute path. */
  readonly files?: { readonly [path: string]: string };
  readonly credentials?: string;
}

/** Tools over such a world; foreign text is parsed in the same thread. */
export function testTools({ web = {}, files = {}, credentials }: TestWorld = {}): SourceTools {
  return {
    files: memoryFiles(files),
    contentDir: '/content',
    fetchWeb: async ({ url }, signal) => {
      signal?.throwIfAborted();
      return answerFrom(url, web[url]);
    },
    credentialsOf: () => credentials,
    runParse: parseHere,
  };
}

function answerFrom(url: string, text: string | undefined): WebResponse {
  const body = new TextEncoder().encode(text ?? '');
  return { kind: 'answered', status: text === undefined ? 404 : 200, url, headers: new Map(), body };
}

function memoryFiles(contents: { readonly [path: string]: string }): Files {
  const refuse = async () => {
    throw new Error('A source writes no files.');
  };
  const list = async (folder: string) => {
    const paths = Object.keys(contents).filter((path) => path.startsWith(`${folder}/`));
    return paths.length === 0 ? undefined : paths.sort();
  };
  return {
    list,
    versions: async (folder) => {
      const paths = await list(folder);
      return paths && new Map(paths.map((path) => [path, { version: contents[path] ?? '', changedAt: 0 }]));
    },
    read: async (path) => {
      const text = contents[path];
      return text === undefined ? undefined : new TextEncoder().encode(text);
    },
    readBelow: async (folder, path) => {
      const text = contents[`${folder}/${path}`];
      return text === undefined ? undefined : new TextEncoder().encode(text);
    },
    stream: async function* (path) {
      const text = contents[path];
      if (text === undefined) throw new Error(`There is no file ${path}.`);
      yield new TextEncoder().encode(text);
    },
    ...{ write: refuse, writePrivate: refuse, claimPrivate: refuse, remove: refuse },
  };
}
