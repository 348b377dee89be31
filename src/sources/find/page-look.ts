/** What the finders of a blog share: a page to look at, and values that say something. */
import type { SourceTools } from '../source-tools.js';
import type { Ask } from '../wordpress/wordpress-site.js';

/** A page of a blog, and how others are asked for. */
export interface PageLook {
  readonly name: string;
  /** As the person wrote it. */
  readonly address: string;
  readonly ask: Ask;
  readonly tools: SourceTools;
  /** Whether its host is in a private network, which the person who named it allows. */
  readonly allowPrivate: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Values that say something. */
export function known<Fields extends { readonly [name: string]: string | undefined }>(
  fields: Fields,
): { readonly [Name in keyof Fields]?: string } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value.trim() !== ''),
  ) as never;
}
