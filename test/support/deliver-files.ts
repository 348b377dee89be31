import { Readable } from 'node:stream';
import type { Files } from '../../src/domain/ports/host.js';

/** Files kept in memory. */
export function filesInMemory(): Files & { readonly kept: ReadonlyMap<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  const write: Files['write'] = async (path, content) => {
    kept.set(path, Buffer.from(content));
  };
  return {
    kept,
    read: async (path) => kept.get(path),
    readBelow: async (folder, path) => kept.get(`${folder}/${path}`),
    list: async (folder) => [...kept.keys()].filter((path) => path.startsWith(folder)),
    write,
    writePrivate: write,
    versions: async () => new Map(),
    stream: (path) => Readable.from([kept.get(path) ?? new Uint8Array()]),
    claimPrivate: async () => undefined,
    remove: async (path) => {
      kept.delete(path);
    },
  };
}

/** For transports that need none. */
export const noFiles: Files = filesInMemory();
