/** An issue as it was mailed, made a page of the web: its content is the main part, and it can be printed. */

/**
 * Mails are columns of tables, which browsers do not break between two sheets: on paper they become blocks, one below the other. Tables
 * of posts stay tables. Paper is white, whatever the screen shows.
 */
const PRINT_STYLE = `<style media="print">
@page { margin: 15mm; }
html, body, body div, body table, body td { background: none !important; }
body, div, p, li, td, th, pre, code, h1, h2, h3, h3 a { color: #000 !important; }
table[role="presentation"], table[role="presentation"] > tbody, table[role="presentation"] > tbody > tr,
table[role="presentation"] > tbody > tr > td, div { display: block !important; float: none !important; width: auto !important; max-width: none !important; min-width: 0 !important; }
table[role="presentation"] > tbody > tr > td { padding-left: 0 !important; padding-right: 0 !important; }
h1, h2, h3 { break-inside: avoid; break-after: avoid; }
h3 + p { break-before: avoid; break-after: avoid; }
img, pre, blockquote, table:not([role]) tr, div:has(> img) { break-inside: avoid; }
img { max-height: 9cm; width: auto !important; max-width: 100% !important; }
p, li { orphans: 3; widows: 3; }
a { color: #000 !important; }
</style>`;

/** @param html of a mail, as `render` makes it */
export function archivedHtml(html: string): string {
  const head = html.indexOf('</head>');
  const body = html.indexOf('>', html.indexOf('<body', head)) + 1;
  const end = html.lastIndexOf('</body>');
  if (head < 0 || body <= head || end < body) return html;
  return `${html.slice(0, head)}${PRINT_STYLE}${html.slice(head, body)}<main>${html.slice(body, end)}</main>${html.slice(end)}`;
}
