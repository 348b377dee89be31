/** The zones of a test, which remembers what it was asked. */
import type { Dns } from '../../src/domain/ports/host.js';

export function aDns(txt: { readonly [name: string]: readonly string[] }): Dns & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    txt: async (name) => {
      asked.push(name);
      return txt[name] ?? [];
    },
    mx: async () => [],
  };
}
