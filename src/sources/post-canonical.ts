/** The address that the page of a post names as its own (`rel=canonical`), as far as its source knows it. */
import type { PostHead } from '../domain/post.js';

const LONGEST = 2000;

/** Nothing where it is no web address, or the one that is known already. */
export function canonicalOf(written: string | undefined, url: string | undefined): Pick<PostHead, 'canonical'> {
  if (written === undefined || written.length > LONGEST || !/^https?:\/\//i.test(written)) return {};
  const canonical = URL.canParse(written) ? new URL(written).href : undefined;
  return canonical === undefined || canonical === url ? {} : { canonical };
}
