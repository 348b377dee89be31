/** A theme being edited: the package's `plain` under another name, with some of its files written anew, in memory. */
import { join } from 'node:path';
import type { Files } from '../../src/domain/ports/host.js';
import { localFiles } from '../../src/platform/files.js';
import { openRenderer, openTemplateFiles, type ThemeRenderers } from '../../src/render/index.js';
import { TEMPLATES } from './render-fixtures.js';

/** Where the edited files pretend to be. */
export const WORKSPACE = join('/', 'workspace', 'templates');

/** A shop whose workspace holds these files, by path below templates/; places are named from there. */
export function themeRenderersWith(written: { readonly [path: string]: string }): ThemeRenderers {
  const templates = openTemplateFiles({
    files: layered(written).files,
    folders: [WORKSPACE, TEMPLATES],
    shown: (path) => path.replace(`${WORKSPACE}/`, '').replace(`${TEMPLATES}/`, ''),
  });
  return openRenderer({ templates });
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

/** The files of this machine with some of a workspace's templates in memory; `edit` writes one. */
export function layered(written: { readonly [path: string]: string }) {
  const disk = localFiles();
  const memory = new Map(Object.entries(written).map(([path, text]) => [join(WORKSPACE, path), text]));
  const files: Files = {
    ...disk,
    async read(path) {
      const text = memory.get(path);
      return text === undefined ? disk.read(path) : new TextEncoder().encode(text);
    },
    async versions(folder) {
      const here = [...memory].filter(([path]) => path.startsWith(`${folder}/`)).sort();
      if (here.length === 0) return disk.versions(folder);
      return new Map(here.map(([path, version]) => [path, { version, changedAt: 0 }]));
    },
  };
  return { files, edit: (path: string, text: string) => void memory.set(join(WORKSPACE, path), text) };
}
