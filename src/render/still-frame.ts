/** A mail to look at in a frame: its links lead nowhere and say so, and it is light or dark as asked. Pure. */
import type { FrameLook } from '../domain/ports.js';

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

/** A frame follows the scheme of the machine; a width that every window has, or none, does not. */
function withScheme(html: string, scheme: FrameLook['scheme']): string {
  const condition = scheme === 'dark' ? '(min-width:0)' : '(max-width:0)';
  return html
    .replace(/\(\s*prefers-color-scheme\s*:\s*dark\s*\)/gi, condition)
    .replace(/(<meta\s+name="(?:supported-)?color-schemes?"\s+content=")[^"]*"/gi, `$1${scheme}"`)
    .replace(/(color-schemes?\s*:\s*)light dark/gi, `$1${scheme}`);
}
