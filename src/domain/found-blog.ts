/** What a look at an address or a folder found: how its posts are read, and what the blog says of itself. */

export interface FoundBlog {
  /** An entry of content/sources.yaml. */
  readonly options: { readonly kind: string; readonly [key: string]: unknown };
  /** How it was recognised: a phrase for people, such as `a WordPress blog, read by its REST API`. */
  readonly what: string;
  /** What a person should know besides; whole sentences. */
  readonly notes: readonly string[];
  readonly title?: string;
  /** BCP 47. */
  readonly language?: string;
  /** A name of the IANA database. */
  readonly timezone?: string;
  /** The address of its site, http(s). */
  readonly site?: string;
  readonly look?: FoundLook;
  /** A key that its public pages contain; kept in `.env`, never in YAML. */
  readonly credentials?: string;
}

/** The colour and logo of a blog, as far as it says them, in the words of a newsletter's `look`. */
export interface FoundLook {
  /** `#rrggbb`. */
  readonly accent?: string;
  /** The https address of a picture that mail clients show. */
  readonly logo?: string;
  /** Where it is not a small square. */
  readonly logoWidth?: number;
}
