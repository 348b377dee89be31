/** Writes a preview where an editor can open it: HTML, text, and the whole mail. It may be a reader's, so it is private. */
import type { Files } from '../domain/ports/host.js';
import { type LocalPicturesDeps, withLocalPictures } from './local-pictures.js';
import type { Preview } from './preview.js';

/** Absolute paths. */
export interface PreviewFiles {
  readonly html: string;
  readonly text: string;
  readonly eml: string;
}

/** @param folder where to; the workspace's own place for previews when absent */
export async function writePreview(
  deps: LocalPicturesDeps & { readonly files: Pick<Files, 'writePrivate'>; readonly stateFolder: string },
  preview: Preview,
  folder?: string,
): Promise<PreviewFiles> {
  const base = `${folder ?? `${deps.stateFolder}/preview`}/issue-${preview.number}`;
  const files = { html: `${base}.html`, text: `${base}.txt`, eml: `${base}.eml` };
  await deps.files.writePrivate(files.html, await withLocalPictures(deps, preview.html, preview.heads));
  await deps.files.writePrivate(files.text, preview.text);
  await deps.files.writePrivate(files.eml, Buffer.concat(preview.message.content));
  return files;
}
