/** A file of bytes → its front matter and the Markdown of its body. */
import { createHash } from 'node:crypto';
import { type FrontMatter, frontMatterFrom } from './front-matter.js';
import { TOO_DEEP } from './post-reading.js';
import type { SourceFacts } from './source-facts.js';
import { textFromBytes } from './text-from-bytes.js';
import { isStackOverflow, type Trouble } from './trouble.js';

const LARGEST_BYTES = 2_000_000;
/** Count up when the same Markdown makes another body than before: kept bodies are then read again. */
const BODY_VERSION = 2;

export interface Unreadable {
  readonly kind: 'unreadable';
  readonly troubles: readonly Trouble[];
}

/** Reads the parts of a file and does something with them; whatever is wrong with the file is returned, not thrown. */
export function withParts<Result>(bytes: Uint8Array, use: (frontMatter: FrontMatter) => Result): Result | Unreadable {
  try {
    if (bytes.length > LARGEST_BYTES) {
      const size = (bytes.length / 1_000_000).toFixed(1);
      return unreadable(atStart(`The file has ${size} MB; a post may have 2 MB.`));
    }
    const text = textFromBytes(bytes);
    if (text.kind === 'trouble') return unreadable(text.trouble);
    const parts = frontMatterFrom(text.text);
    if (parts.kind === 'trouble') return unreadable(parts.trouble);
    return use(parts.frontMatter);
  } catch (error) {
    if (isStackOverflow(error)) return unreadable(atStart(TOO_DEEP));
    const reason = error instanceof Error ? error.message : String(error);
    return unreadable(atStart(`The file cannot be read as Markdown: ${reason}`));
  }
}

export function unreadable(...troubles: readonly Trouble[]): Unreadable {
  return { kind: 'unreadable', troubles };
}

export function atStart(message: string): Trouble {
  return { line: 1, column: 1, message };
}

/** The Markdown of a body, with the author's own mark for the end of the introduction replaced by the usual one. */
export function markdownOf({ fields, body }: FrontMatter, { generator }: SourceFacts): string {
  const separator = fields.get('excerpt_separator')?.value ?? generator.excerptSeparator;
  return typeof separator === 'string' && separator.trim() !== ''
    ? body.replace(separator, () => '\n\n<!--more-->\n\n')
    : body;
}

/** Equal for equal bodies, but for what relative links lead to; empty for a body of nothing. */
export function bodyHashOf(markdown: string, isMdx: boolean): string {
  const text = markdown.trim();
  return text === ''
    ? ''
    : createHash('sha256')
        .update(`${BODY_VERSION} ${isMdx ? 'mdx' : 'md'} ${text}`)
        .digest('hex');
}

/** Count up when the same Markdown makes another body, as if a setting had changed: the post itself counts as unchanged. */
const SETTINGS_VERSION = 2;

/** Equal where the same Markdown makes the same body. */
export function bodySettingsOf({ site, generator: { dialect, siteUrl, switches } }: SourceFacts): string {
  const settings = JSON.stringify([SETTINGS_VERSION, site, dialect, siteUrl, switches]);
  return createHash('sha256').update(settings).digest('base64url').slice(0, 12);
}

export function isMdxPath(path: string): boolean {
  return /\.mdx$/i.test(path);
}
