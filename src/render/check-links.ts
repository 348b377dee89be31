/** The links of a mail: whether they lead anywhere, and say where to (Gmail sender guidelines, rule: absolute-links). Nothing is asked of the web. */
import { type Finding, findingOf } from '../domain/finding.js';
import { isPrivateHost } from '../domain/private-host.js';

import { trimEndOf } from '../domain/trim.js';

import { absoluteHref } from './link.js';
import type { ReadMail } from './read-mail.js';
import type { MarkupLink } from './read-markup.js';

/** Link texts that do not say where a link leads, in the languages Gazette has messages for and their neighbours. */
const BARE = new Set(
  (
    'here|click here|click|link|this link|this|more|read more|learn more|continue|continue reading|' +
    'hier|hier klicken|klick|mehr|weiterlesen|weiter|ici|cliquez ici|lire la suite|aquí|leer más|' +
    'こちら|続きを読む|هنا|اضغط هنا|المزيد|اقرأ المزيد'
  ).split('|'),
);

/** Hosts that hide where a link leads, or count who follows it. */
const SHORTENERS = new Set(
  (
    'bit.ly t.co goo.gl tinyurl.com ow.ly buff.ly is.gd v.gd t.ly rb.gy cutt.ly rebrand.ly tiny.cc lnkd.in bl.ink ' +
    'shorturl.at soo.gd adf.ly dlvr.it trib.al list-manage.com ct.sendgrid.net'
  ).split(' '),
);

export function checkLinks(mail: ReadMail): readonly Finding[] {
  return mail.markup.links.flatMap((link) => (link.href === undefined ? [] : checkLink(link.href, link, mail)));
}

function checkLink(href: string, { text }: MarkupLink, mail: ReadMail): readonly Finding[] {
  const origin = mail.origin(href);
  const named = text === '' ? 'A link' : `The link “${shortened(text)}”`;
  const wrong = wrongTarget(href, named, origin);
  if (wrong) return [wrong];
  const vague = vagueText(href, text, origin);
  const host = hostOf(href);
  if (host === undefined) return vague;
  return [...vague, ...wrongHost(host, named, href, origin)];
}

type Origin = ReturnType<ReadMail['origin']>;

function wrongTarget(href: string, named: string, origin: Origin): Finding | undefined {
  if (/[{}]|%7B%7B|<%|\{%/i.test(href)) {
    return findingOf('link.braces', {
      message: `${named} points to “${href}”: a template expression that was not filled in.`,
      fix: 'Write the address itself.',
      ...origin,
    });
  }
  if (absoluteHref(href) !== undefined) return undefined;
  return findingOf('link.relative', {
    message: `${named} points to “${href}”, which is no absolute address.`,
    fix: 'Write the whole address with https://, or give the source its `site`.',
    ...origin,
  });
}

function vagueText(href: string, text: string, origin: Origin): readonly Finding[] {
  if (text === '') {
    return [
      findingOf('link.empty-text', {
        message: `The link to ${href} has no text: a screen reader can only spell out its address.`,
        fix: 'Put text into the link, or an alt text on its picture.',
        ...origin,
      }),
    ];
  }
  const bare = trimEndOf(text.toLowerCase(), ' \t\n\u00a0.!…»›→>:');
  if (!BARE.has(bare)) return [];
  return [
    findingOf('link.bare-text', {
      message: `The link to ${href} says only “${text}”.`,
      fix: 'Let the link say where it leads.',
      ...origin,
    }),
  ];
}

function wrongHost(host: string, named: string, href: string, origin: Origin): readonly Finding[] {
  if (isPrivateHost(host)) {
    return [
      findingOf('link.private', {
        message: `${named} points to ${href}, which no reader can reach.`,
        fix: 'Write the public address; a `site` of a local test server is a common cause.',
        ...origin,
      }),
    ];
  }
  if (![...SHORTENERS].some((name) => host === name || host.endsWith(`.${name}`))) return [];
  return [
    findingOf('link.shortener', {
      message: `${named} points to ${host}, which hides where it leads.`,
      fix: 'Write the address it leads to: mail filters distrust shortened links.',
      ...origin,
    }),
  ];
}

function hostOf(href: string): string | undefined {
  if (!/^https?:/i.test(href) || !URL.canParse(href)) return undefined;
  return new URL(href).hostname.toLowerCase();
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= 60 ? text : `${characters.slice(0, 59).join('')}…`;
}
