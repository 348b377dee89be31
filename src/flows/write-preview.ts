/** Writes a preview where an editor can open it: HTML, text, and the whole mail. It may be a reader's, so it is private. */
import type { House } from './house.js';
import type { Preview } from './preview-issue.js';

/** Absolute paths. */
export interface PreviewFiles {
  readonly html: string;
  readonly text: string;
  readonly eml: string;
}

/** @param folder where to; the workspace's own place for previews when absent */
export async function writePreview(house: House, preview: Preview, folder?: string): Promise<PreviewFiles> {
  const base = `${folder ?? `${house.stateFolder}/preview`}/issue-${preview.number}`;
  const files = { html: `${base}.html`, text: `${base}.txt`, eml: `${base}.eml` };
  await house.files.writePrivate(files.html, preview.html);
  await house.files.writePrivate(files.text, preview.text);
  await house.files.writePrivate(files.eml, Buffer.concat(preview.message.content));
  return files;
}
