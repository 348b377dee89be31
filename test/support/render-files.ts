/** A theme being edited: the package's `plain` under another name, with some of its files written anew, in memory. */
import { join } from 'node:path';
import type { Files } from '../../src/domain/ports/host.js';
import { localFiles } from '../../src/platform/files.js';
import { openRenderer, type ThemeRenderers } from '../../src/render/index.js';
import { TEMPLATES } from './render-fixtures.js';

/** Where the edited files pretend to be. */
export const WORKSPACE = join('/', 'workspace', 'templates');

/** A shop whose workspace holds these files, by path below templates/; places are named from there. */
export function themeRenderersWith(written: { readonly [path: string]: string }): ThemeRenderers {
  return openRenderer({
    files: layered(written),
    themeFolders: [WORKSPACE, TEMPLATES],
    shown: (path) => path.replace(`${WORKSPACE}/`, '').replace(`${TEMPLATES}/`, ''),
  });
}

/** A shop with the theme `mine`: `plain` with these files in place of its own. */
export async function themeRenderersWithTheme(changed: { readonly [path: string]: string }): Promise<ThemeRenderers> {
  const disk = localFiles();
  const plain = join(TEMPLATES, 'plain');
  const files: { [path: string]: string } = {};
  for (const path of (await disk.list(plain)) ?? []) {
    files[path.replace(plain, 'mine')] = new TextDecoder().decode(await disk.read(path));
  }
  for (const [path, text] of Object.entries(changed)) files[`mine/${path}`] = text;
  return themeRenderersWith(files);
}

function layered(written: { readonly [path: string]: string }): Files {
  const disk = localFiles();
  const memory = new Map(Object.entries(written).map(([path, text]) => [join(WORKSPACE, path), text]));
  return {
    ...disk,
    async read(path) {
      const text = memory.get(path);
      return text === undefined ? disk.read(path) : new TextEncoder().encode(text);
    },
    async list(folder) {
      const here = [...memory.keys()].filter((path) => path.startsWith(`${folder}/`)).sort();
      return here.length > 0 ? here : disk.list(folder);
    },
  };
}
