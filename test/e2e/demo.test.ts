/** What `gazette demo` leaves behind, read by two MIME readers that know nothing of the program. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import rehypeParse from 'rehype-parse';
import { unified } from 'unified';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HtmlElement, HtmlNode } from '../../src/domain/html.js';
import { type Answer, aTempFolder, gazetteJson, ROOT } from '../support/e2e-gazette.js';
import { headerOf, headersNamed, partFrom, partsOf, type RawPart, textOf } from '../support/e2e-mime.js';

const ONCE = [
  'From',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'MIME-Version',
  'Content-Type',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'List-Id',
  'Auto-Submitted',
  'Feedback-ID',
  'Reply-To',
];

interface Mail {
  readonly file: string;
  readonly raw: Buffer;
  readonly message: RawPart;
  readonly text: string;
  readonly html: string;
  readonly elements: readonly HtmlElement[];
}

async function readMails(folder: string): Promise<readonly Mail[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.eml')).sort();
  return Promise.all(files.map(async (file) => mailFrom(file, await readFile(join(folder, file)))));
}

function mailFrom(file: string, raw: Buffer): Mail {
  const message = partFrom(raw);
  const [plain, html, ...others] = partsOf(message);
  if (!plain || !html || others.length > 0) throw new Error(`${file} has not two parts`);
  expect(headerOf(message, 'Content-Type')).toMatch(/^multipart\/alternative;/);
  expect(headerOf(plain, 'Content-Type')).toMatch(/^text\/plain;/);
  expect(headerOf(html, 'Content-Type')).toMatch(/^text\/html;/);
  const tree = unified().use(rehypeParse).parse(textOf(html));
  return {
    file,
    raw,
    message,
    text: textOf(plain),
    html: textOf(html),
    elements: elementsOf(tree.children as HtmlNode[]),
  };
}

function elementsOf(nodes: readonly HtmlNode[]): readonly HtmlElement[] {
  return nodes.flatMap((node) => (node.type === 'element' ? [node, ...elementsOf(node.children)] : []));
}

type EachMail = (check: (mail: Mail) => void) => void;

/** Checks every mail, and names the one that fails. */
function checkMails(mails: readonly Mail[], check: (mail: Mail) => void): void {
  expect(mails.length).toBeGreaterThan(0);
  for (const mail of mails) {
    try {
      check(mail);
    } catch (error) {
      throw new Error(`${mail.file}: ${String(error)}`, { cause: error });
    }
  }
}

async function sampleAddresses(): Promise<readonly string[]> {
  const csv = await readFile(join(ROOT, 'content', 'subscribers.csv'), 'utf8');
  const rows = csv.trim().split('\n').slice(1);
  return rows.map((row) => row.slice(0, row.indexOf(',')));
}

describe.each(['plain', 'magazine'])('the demo in the theme %s', (theme) => {
  let demo: Answer;
  let mails: readonly Mail[];
  const eachMail: EachMail = (check) => checkMails(mails, check);

  beforeAll(async () => {
    const { folder, remove } = await aTempFolder();
    demo = await gazetteJson(['demo', '--theme', theme], { folder });
    mails = await readMails(demo.json.folder);
    return remove;
  });

  it('ends well, says so in one object, and finds nothing new the second time', () => {
    expect(demo.code, demo.stderr).toBe(0);
    expect(demo.json).toMatchObject({ ok: true, again: 'nothing-new', arrived: mails.length });
    expect(demo.json.counts).toMatchObject({ accepted: mails.length, all: mails.length, rejected: 0, unknown: 0 });
  });

  it('shows the pictures of the sample, which are on no web site, in the pages to look at and not in the mails', async () => {
    const addresses = mails.flatMap(({ elements }) =>
      elements.filter(({ tagName }) => tagName === 'img').map(({ properties }) => String(properties.src)),
    );
    expect(addresses.length).toBeGreaterThan(0);
    for (const address of addresses) expect(address).toMatch(/^https:/);
    const pages = mails.map(({ file }) => join(demo.json.folder, file.replace(/\.eml$/, '.html')));
    const shown = (await Promise.all(pages.map((page) => readFile(page, 'utf8')))).join('');
    expect(shown.match(/ src="data:image\/png;base64,/g)).toHaveLength(addresses.length);
    expect(shown).not.toContain(' src="https:');
  });

  it('sends each sample reader exactly one mail', async () => {
    const sent = mails.map(({ message }) => /<?([^\s<>]+@[^\s<>]+?)>?$/.exec(headerOf(message, 'To'))?.[1]);
    expect([...sent].sort()).toEqual([...(await sampleAddresses())].sort());
    const messageIds = mails.map(({ message }) => headerOf(message, 'Message-ID'));
    expect(new Set(messageIds).size).toBe(mails.length);
  });

  it('gives each mail every header exactly once, and none empty', () => {
    eachMail(({ message }) => {
      for (const name of ONCE) expect(headerOf(message, name), name).not.toBe('');
      for (const { name } of message.headers) expect(headersNamed(message, name), name).toHaveLength(1);
    });
  });

  it('lets a reader leave with one click, by a link on one line (RFC 8058)', () => {
    eachMail(({ message, raw }) => {
      const lines = raw.toString('latin1').split('\r\n');
      expect(lines.filter((line) => /^List-Unsubscribe: <https:\/\/[^\s<>,]+>$/.test(line))).toHaveLength(1);
      expect(headersNamed(message, 'List-Unsubscribe')[0]?.raw).not.toMatch(/\r\n[ \t]/);
      expect(headerOf(message, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
      expect(headerOf(message, 'Auto-Submitted')).toBe('auto-generated');
    });
  });

  it('writes lines of at most 998 bytes, ended by CRLF alone, and headers in ASCII', () => {
    eachMail(({ raw }) => {
      const text = raw.toString('latin1');
      expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      expect(text.endsWith('\r\n')).toBe(true);
      expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
      expect(text.slice(0, text.indexOf('\r\n\r\n'))).not.toMatch(/[^\r\n\t -~]/);
    });
  });

  it('reads the same to another MIME reader', async () => {
    for (const { file, raw, message, text, html } of mails) {
      const email = await PostalMime.parse(raw);
      const lines = (part = '') => part.replaceAll('\r\n', '\n').trimEnd();
      expect(lines(email.text), file).toBe(lines(text));
      expect(lines(email.html), file).toBe(lines(html));
      expect(email.messageId, file).toBe(headerOf(message, 'Message-ID'));
      expect(email.subject, file).toBeTruthy();
      expect(email.to, file).toHaveLength(1);
      expect(email.attachments, file).toEqual([]);
      expect(Number.isNaN(Date.parse(email.date ?? '')), file).toBe(false);
    }
  });

  it('links only to absolute addresses, and to nothing a template left behind', () => {
    eachMail(({ elements }) => {
      const hrefs = elements.flatMap(({ properties }) =>
        properties.href === undefined ? [] : [String(properties.href)],
      );
      expect(hrefs.length).toBeGreaterThan(3);
      for (const href of hrefs) {
        expect(href).toMatch(/^(https?:\/\/[^/]|mailto:[^@]+@)/);
        expect(href).not.toMatch(/[{}]|%7[bd]/i);
        expect(() => new URL(href)).not.toThrow();
      }
      for (const { tagName, properties } of elements) {
        if (tagName !== 'img') continue;
        expect(String(properties.src)).toMatch(/^https?:\/\/[^/]/);
        expect(properties.alt).toBeDefined();
      }
    });
  });

  it('shows no Liquid, no shortcode and no merge tag but those its posts write about', () => {
    eachMail(({ html, text }) => {
      for (const part of [html.replace(/<style.*?<\/style>/gs, ''), text]) {
        expect(part).not.toMatch(/\{%|%\}|\{\{[<%#/]/);
        // One post of the sample is about “Dear {{name}}”.
        const tags = part.match(/\{\{[^}]*\}\}/g) ?? [];
        expect(tags.filter((tag) => !/^\{\{\s*(first_)?name\s*\}\}$/.test(tag))).toEqual([]);
      }
    });
  });

  it('names language and direction of each mail, and gives it one first heading', () => {
    eachMail(({ elements, message }) => {
      const root = elements.find(({ tagName }) => tagName === 'html');
      expect(root?.properties.lang).toBe(headerOf(message, 'Content-Language'));
      expect(root?.properties.dir).toMatch(/^(ltr|rtl)$/);
      expect(elements.filter(({ tagName }) => tagName === 'h1')).toHaveLength(1);
    });
  });

  it('loads nothing from elsewhere but pictures, and runs nothing', () => {
    eachMail(({ elements, html }) => {
      const tags = new Set(elements.map(({ tagName }) => tagName));
      for (const tag of ['script', 'iframe', 'object', 'embed', 'form', 'link', 'base'])
        expect(tags).not.toContain(tag);
      expect(html).not.toMatch(/@import|@font-face/i);
    });
  });
});
