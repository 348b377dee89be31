/** What a person means by the place of a blog: an address, also one without https://, a folder, or a file. */
import { resolve } from 'node:path';
import { GazetteError } from '../../domain/errors.js';
import type { Files } from '../../domain/ports/host.js';
import { beginOf } from './find-export.js';

/** A host, perhaps with a path, as people type it. */
const HOST = /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#]|$)/i;

/**
 * The http(s) address, or the absolute path of a folder or file. Throws `usage` for what is neither.
 * @param folder that relative paths start from
 */
export async function blogPlaceFrom(
  written: string,
  folder: string,
  files: Pick<Files, 'list' | 'stream'>,
): Promise<string> {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(written)) return addressFrom(written);
  const path = resolve(folder, written);
  if ((await beginOf(files, path)) !== undefined || (await files.list(path)) !== undefined) return path;
  if (HOST.test(written)) return addressFrom(`https://${written}`);
  return path;
}

function addressFrom(written: string): string {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new GazetteError('usage', `“${shownOf(written, url)}” is not an http or https address.`, {
      hint: 'Give the address of the blog, such as https://blog.example.org, the folder of its files, or an export of it.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new GazetteError('usage', `The address of ${url.host} contains a user or password.`, {
      hint: 'Leave it out, and set GAZETTE_SOURCE_BLOG=user:password in the environment.',
    });
  }
  return written;
}

function shownOf(written: string, url: URL | undefined): string {
  return url === undefined || url.host === '' ? written.replace(/\/\/[^/@]*@/, '//') : `${url.protocol}//${url.host}`;
}
