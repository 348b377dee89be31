/** Where a link or picture of a post leads, for somebody who reads it in a mail (rule: absolute-links). */
import { isTemplated } from './template-marks.js';

/** The absolute http(s) form of a written target; `undefined` when it has none that can be known. */
export function absoluteUrl(written: string, base: string | undefined): string | undefined {
  const target = written.trim();
  if (target === '' || isTemplated(target)) return undefined;
  const url = parsedUrl(target.startsWith('//') ? `https:${target}` : target, base);
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined;
  return withoutBraces(url.href);
}

/** The same for the target of a link, which may also be a mail address. */
export function absoluteLink(written: string, base: string | undefined): string | undefined {
  if (!/^\s*mailto:/i.test(written) || isTemplated(written)) return absoluteUrl(written, base);
  const url = parsedUrl(written.trim(), undefined);
  return url === undefined || url.pathname === '' ? undefined : withoutBraces(url.href);
}

function parsedUrl(target: string, base: string | undefined): URL | undefined {
  try {
    return new URL(target, base);
  } catch {
    return undefined;
  }
}

function withoutBraces(url: string): string {
  return url.replaceAll('{', '%7B').replaceAll('}', '%7D');
}
