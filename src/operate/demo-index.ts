/** A page that shows the demo's mails in a browser: no script, no external files. */
import { escapeFor } from '../domain/edition.js';

export interface KeptMail {
  readonly to: string;
  readonly subject: string;
  /** The name of its files, without their endings. */
  readonly name: string;
}

export function demoIndex(mails: readonly KeptMail[]): string {
  const rows = mails.map(({ to, subject, name }) => {
    const href = (ending: string) => encodeURI(`${name}.${ending}`);
    return `<li><a href="${href('html')}" target="mail"><b>${escapeFor('html', to)}</b><span dir="auto">${escapeFor('html', subject)}</span></a> <small><a href="${href('txt')}" target="mail">text</a> <a href="${href('eml')}" download>.eml</a></small></li>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>The demo’s mails</title>
<style>
  * { box-sizing: border-box }
  body { display: grid; grid-template-columns: minmax(16rem, 24rem) 1fr; height: 100vh; margin: 0; font: 15px/1.45 system-ui, sans-serif }
  nav { overflow: auto; padding: 1.25rem; border-inline-end: 1px solid #8884 }
  h1 { font-size: 1.1rem; margin: 0 0 1rem }
  ol { list-style: none; margin: 0; padding: 0 }
  li { padding: .6rem 0; border-top: 1px solid #8883 }
  li > a { color: inherit; text-decoration: none }
  li > a:hover b { text-decoration: underline }
  b, span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
  span { opacity: .7 }
  iframe { width: 100%; height: 100%; border: 0; background: #fff }
  @media (max-width: 700px) { body { grid-template-columns: 1fr; grid-template-rows: 40vh 60vh } }
</style>
<nav><h1>${mails.length} mails arrived</h1><ol>${rows.join('\n')}</ol></nav>
<iframe name="mail" title="The mail" sandbox src="${encodeURI(`${mails[0]?.name ?? ''}.html`)}"></iframe>
</html>
`;
}
