/** A mail to look at in a frame: its links lead nowhere and say so, and it is light or dark as asked. Pure. */
import type { FrameLook } from '../domain/ports/content.js';

const DEAD_STYLE = '<style>a[data-dead]{cursor:not-allowed;text-decoration-style:dotted}</style>';

/** Changes how a mail is shown, never what it says. */
export function stillFrame(html: string, { scheme }: FrameLook): string {
  return withScheme(deadLinks(html), scheme);
}

/** A link without a target cannot be followed by any means; where it leads is told by its title. */
function deadLinks(html: string): string {
  const dead = html.replace(
    /(<a\b(?:[^>"']|"[^"]*"|'[^']*')*?)\shref="([^"]*)"/gi,
    (_, before: string, href: string) =>
      `${before} data-dead="" role="link" aria-disabled="true" title="${href.replace(/"/g, '&quot;')} (links are dead here)"`,
  );
  return dead.includes('</head>') ? dead.replace('</head>', `${DEAD_STYLE}</head>`) : DEAD_STYLE + dead;
}

/**
 * A frame follows the scheme of the machine; a width that every window has, or none, does not. Only styles and the mail's own
 * `meta` are changed: a post may well write about `prefers-color-scheme`.
 */
function withScheme(html: string, scheme: FrameLook['scheme']): string {
  const condition = scheme === 'dark' ? '(min-width:0)' : '(max-width:0)';
  const inStyle = (css: string) =>
    css
      .replace(/\(\s*prefers-color-scheme\s*:\s*dark\s*\)/gi, condition)
      .replace(/(color-schemes?\s*:\s*)light dark/gi, `$1${scheme}`);
  return html.replace(STYLE_META_OR_TAG, (piece) => {
    if (/^<style\b/i.test(piece)) return inStyle(piece);
    if (/^<meta\b/i.test(piece))
      return piece.replace(/(name="(?:supported-)?color-schemes?"\s+content=")[^"]*"/i, `$1${scheme}"`);
    return piece.replace(/\sstyle="[^"]*"/gi, inStyle);
  });
}

const STYLE_META_OR_TAG = /<style\b[^>]*>[\s\S]*?<\/style>|<[a-z][^<>]*>/gi;
