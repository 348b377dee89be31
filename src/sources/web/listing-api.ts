/** What a blog's API can be asked, whatever its kind: lists of posts by type, page by page, and bodies of some of them. */

import type { Html } from '../../domain/html.js';
import type { JobEnd, WebValidators } from '../../domain/ports/host.js';
import type { BrokenPost, PostHead, SourceNote } from '../../domain/post.js';

/** Each call throws `source.failed` when the API does not answer. Ids are those of the API, as text. */
export interface ListingApi {
  /** Types of posts: the path of a post is its type and id, `posts/12`. */
  readonly types: readonly string[];
  /** What it wants to know at the next collection. */
  readonly memory: unknown;
  /** The newest posts first, at most a page of them. */
  newest(type: string, validators: WebValidators | undefined, signal?: AbortSignal): Promise<Newest>;
  /** A page of everything there is, from 1, in an order in which a new post moves no other. */
  page(type: string, page: number, signal?: AbortSignal): Promise<HeadPage>;
  heads(type: string, ids: readonly string[], signal?: AbortSignal): Promise<readonly ReadHead[]>;
  /** Drafts and scheduled posts, for the studio. */
  unpublished?(type: string, signal?: AbortSignal): Promise<Unpublished>;
  /** A job that gives `ReadBodies`. */
  bodies(type: string, ids: readonly string[], signal?: AbortSignal): Promise<JobEnd>;
}

/** A post and its state, as a listing names them. */
export interface Mark {
  readonly path: string;
  /** Changes with every edit. */
  readonly version: string;
  /** When it was published, epoch milliseconds. */
  readonly at: number;
}

export type Newest =
  | { readonly kind: 'same' }
  | {
      readonly kind: 'listed';
      readonly marks: readonly Mark[];
      /** How many posts there are in all. */
      readonly total: number | undefined;
      readonly validators?: WebValidators;
    };

export interface HeadPage {
  readonly heads: readonly ReadHead[];
  readonly total: number | undefined;
  readonly isLast: boolean;
}

export type Unpublished =
  | { readonly kind: 'listed'; readonly heads: readonly ReadHead[] }
  /** They are not shown, which keeps nothing from being sent. */
  | { readonly kind: 'refused'; readonly note: SourceNote };

export type ReadHead =
  | { readonly kind: 'post'; readonly post: PostHead }
  | { readonly kind: 'broken'; readonly broken: BrokenPost };

/** Bodies by the path of their post. */
export type ReadBodies = { readonly [path: string]: ReadBody };

export type ReadBody =
  /** @property version equals `bodyHash` of the head that was listed, unless the post changed since */
  | { readonly kind: 'body'; readonly version: string; readonly body: Html }
  | { readonly kind: 'broken'; readonly message: string };
