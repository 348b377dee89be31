/** What a look at an address or a folder found: a source that reads it, and what the blog says of itself. */
import type { SourceOptions } from '../source-kind.js';
import type { SourceTools } from '../source-tools.js';
import type { Ask } from '../wordpress/wordpress-site.js';

export interface FoundBlog {
  /** An entry of content/sources.yaml. */
  readonly options: SourceOptions & { readonly [key: string]: unknown };
  /** How it was recognised: a phrase for people, such as `a WordPress blog, read by its REST API`. */
  readonly what: string;
  /** What a person should know besides. */
  readonly notes: readonly string[];
  readonly title?: string;
  /** BCP 47. */
  readonly language?: string;
  readonly timezone?: string;
  /** The address of its site. */
  readonly site?: string;
  /** A key that its public pages contain; kept in `.env`, never in YAML. */
  readonly credentials?: string;
}

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
