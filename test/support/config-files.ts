/** Workspaces in memory: a `Files` over a plain object of paths and texts. */
import { Readable } from 'node:stream';
import type { Files } from '../../src/domain/ports/host.js';

export const ROOT = '/workspace';

/** Paths are relative to `ROOT`. */
export function memoryFiles(texts: { readonly [path: string]: string | Uint8Array }): Files {
  const kept = new Map<string, Uint8Array>();
  const bytesOf = (content: string | Uint8Array) =>
    typeof content === 'string' ? new TextEncoder().encode(content) : content;
  for (const [path, content] of Object.entries(texts)) kept.set(`${ROOT}/${path}`, bytesOf(content));
  const write: Files['write'] = async (path, content) => void kept.set(path, bytesOf(content));
  return {
    read: async (path) => kept.get(path),
    readBelow: async (folder, path) => kept.get(`${folder}/${path}`),
    list: async (folder) => {
      const found = [...kept.keys()].filter((path) => path.startsWith(`${folder}/`)).sort();
      return found.length > 0 ? found : undefined;
    },
    write,
    writePrivate: write,
    versions: async () => new Map(),
    stream: (path) => Readable.from([kept.get(path) ?? new Uint8Array()]),
    claimPrivate: async () => undefined,
    remove: async (path) => void kept.delete(path),
  };
}

export const SOURCES = 'blog:\n  kind: folder\n  dir: posts\n';

/** A newsletter file with every required key; a key set to '' is left out. */
export function aNewsletterFile(with_: { readonly [key: string]: string } = {}): string {
  const settings = {
    id: 'weekly',
    title: 'Notes',
    language: 'en',
    timezone: 'Europe/London',
    schedule: '"0 8 * * 1"',
    sources: '[blog]',
    sender: '{ name: Notes, address: notes@example.org }',
    ...with_,
  };
  const written = Object.entries(settings).filter(([, value]) => value !== '');
  return written.map(([key, value]) => `${key}: ${value}\n`).join('');
}
