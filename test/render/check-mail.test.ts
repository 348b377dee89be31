import { describe, expect, it } from 'vitest';
import { codesOf, findingsOf, type MailWishes } from '../support/checked-mail.js';
import { el, elWith } from '../support/render-fixtures.js';

const IMAGE = 'https://blog.example.org/a.png';
const TEXT_LINK = { textLines: 'https://blog.example.org/a' };

/** One link in the body, which the text part has as well. */
function link(href: string, words = 'The log of the pump'): MailWishes {
  return { body: `<p><a href="${href}">${words}</a></p>`, textLines: href };
}

it('A good mail has no findings', () => {
  expect(findingsOf({ posts: [{}, { form: 'link' }] })).toEqual([]);
});

describe.each<[string, MailWishes, string, MailWishes]>([
  // what, a mail that has it, its code, and a mail that nearly has it
  ['a relative link', link('/log'), 'link.relative', link('https://blog.example.org/log')],
  ['a protocol-relative link', link('//blog.example.org/log'), 'link.relative', link('mailto:office@blog.example.org')],
  ['a link within the mail', link('#top'), 'link.relative', link('https://blog.example.org/#top')],
  ['a script as a link', link('javascript:alert(1)'), 'link.relative', link('http://blog.example.org/')],
  ['a malformed address', link('https://[blog'), 'link.relative', link('https://[2001:4860::8888]/')],
  [
    'a template expression',
    link('https://blog.example.org/{{slug}}'),
    'link.braces',
    link('https://blog.example.org/slug'),
  ],
  [
    'an encoded template expression',
    link('https://blog.example.org/%7B%7Bslug'),
    'link.braces',
    link('https://blog.example.org/%7Bslug'),
  ],
  [
    'a link without words',
    link('https://blog.example.org/a', ' '),
    'link.empty-text',
    link('https://blog.example.org/a', `<img src="${IMAGE}" alt="The log" width="9">`),
  ],
  [
    'a link that says “here”',
    link('https://blog.example.org/a', 'Click here!'),
    'link.bare-text',
    link('https://blog.example.org/a', 'Where here is'),
  ],
  [
    'a bare link in German',
    link('https://blog.example.org/a', 'Weiterlesen …'),
    'link.bare-text',
    link('https://blog.example.org/a', 'Weiterlesen: Die Pumpe'),
  ],
  ['a shortener', link('https://bit.ly/3x'), 'link.shortener', link('https://rabbit.ly/3x')],
  ['a host of this machine', link('http://localhost:4000/a'), 'link.private', link('http://localhost.example.org/a')],
  ['an address of a local network', link('http://192.168.1.20/a'), 'link.private', link('http://192.169.1.20/a')],
  ['a name without a domain', link('http://wiki/a'), 'link.private', link('http://wiki.example.org/a')],
  [
    'a picture from nowhere',
    { body: '<img src="a.png" alt="a" width="10">' },
    'image.source',
    { body: `<img src="${IMAGE}" alt="a" width="10">` },
  ],
  [
    'a picture in the mail itself',
    { body: '<img src="data:image/png;base64,AA" alt="a" width="10">' },
    'image.source',
    {},
  ],
  ['an unsafe picture', { body: '<img src="http://blog.example.org/a.png" alt="a" width="10">' }, 'image.insecure', {}],
  [
    'a picture without alt',
    { body: `<img src="${IMAGE}" width="10">` },
    'image.no-alt',
    { body: `<img src="${IMAGE}" alt="x" width="10">` },
  ],
  [
    'an empty alt',
    { body: `<img src="${IMAGE}" alt=" " width="10">` },
    'image.empty-alt',
    { body: `<img src="${IMAGE}" alt="" role="presentation" width="10">` },
  ],
  [
    'a picture without a width',
    { body: `<img src="${IMAGE}" alt="a">` },
    'image.unsized',
    { body: `<img src="${IMAGE}" alt="a" width="10">` },
  ],
  [
    'a picture wider than the mail',
    { body: `<img src="${IMAGE}" alt="a" width="601">` },
    'image.too-wide',
    { body: `<img src="${IMAGE}" alt="a" width="600">` },
  ],
  ['two first headings', { headings: '<h1>a</h1><h1>b</h1>' }, 'heading.first', { headings: '<h1>a</h1><h2>b</h2>' }],
  ['no first heading', { headings: '<p>a</p>' }, 'heading.first', { headings: '<h1>a</h1>' }],
  [
    'a jump between headings',
    { headings: '<h1>a</h1><h3>b</h3>' },
    'heading.jump',
    { headings: '<h1>a</h1><h2>b</h2><h3>c</h3><h2>d</h2>' },
  ],
  ['no language', { root: 'lang="und" dir="ltr"' }, 'language.missing', { root: 'lang="ar" dir="rtl"' }],
  ['no direction', { root: 'lang="en" dir="auto"' }, 'language.missing', { root: 'lang="en-GB" dir="ltr"' }],
  [
    'long styles',
    { head: `<style>${'a'.repeat(9000)}</style><style>${'a'.repeat(7000)}</style>` },
    'style.too-long',
    { head: `<style>${'a'.repeat(15_999)}</style>` },
  ],
  [
    'an at-rule inside another',
    { head: '<style>@media (min-width: 1px) { a { b: c } @supports (d: e) { f { g: h } } }</style>' },
    'style.nested',
    {
      head: '<style>@import url("@media{"); @media (min-width: 1px) { a { b: c } } @supports (d: e) { f { g: h } }</style>',
    },
  ],
  ['a mail that would be clipped', { body: 'x'.repeat(95_000) }, 'size.clip', { body: 'x'.repeat(90_000) }],
  ['no subject', { subject: ' ' }, 'subject.empty', { subject: '.' }],
  ['a very long subject', { subject: 'x'.repeat(151) }, 'subject.long', { subject: 'x'.repeat(150) }],
  ['an answer to nothing', { subject: 'Fwd: the pump' }, 'subject.reply', { subject: 'Forward: the pump' }],
  ['a control character in the subject', { subject: 'The\u0007pump' }, 'subject.control', { subject: 'The pump' }],
  ['a shouting subject', { subject: 'THE PUMP IS BACK' }, 'subject.shouting', { subject: 'UV-VIS, PH' }],
  ['two marks of exclamation', { subject: 'The pump! Is back!' }, 'subject.shouting', { subject: 'The pump is back!' }],
  ['several emoji', { subject: '🎂 The pump 🎉' }, 'subject.emoji', { subject: 'Cake until Thursday 🎂' }],
  ['no preheader', { preheader: '' }, 'preheader.empty', { preheader: 'x' }],
  ['a long preheader', { preheader: 'x'.repeat(101) }, 'preheader.long', { preheader: 'x'.repeat(100) }],
  ['no text', { text: [' \n'] }, 'text.empty', {}],
  [
    'a post the text leaves out',
    { posts: [{ title: 'The pump' }], text: ['x'] },
    'text.missing-post',
    {
      posts: [{ title: 'The long title of a pump', url: 'https://blog.example.org/a' }],
      text: ['The long title\nof a pump https://blog.example.org/a'],
    },
  ],
  [
    'a link the text leaves out',
    { body: '<a href="https://blog.example.org/a">The log</a>' },
    'text.missing-link',
    { body: '<a href="https://blog.example.org/a">The log</a>', ...TEXT_LINK },
  ],
  ['no way to unsubscribe', { footer: ['x'] }, 'unsubscribe.missing', {}],
  [
    'a footer without the address',
    { footer: ['<a href="', { kind: 'hole', part: 'unsubscribeUrl', context: 'html' }, '">Unsubscribe</a>'] },
    'address.missing',
    {},
  ],
  [
    'a picture Outlook cannot show',
    { posts: [{ figure: { src: 'https://blog.example.org/a.webp', alt: 'a' } }] },
    'image.format',
    { posts: [{ figure: { src: 'https://blog.example.org/webp/a.jpg', alt: 'a' } }] },
  ],
  [
    'a drawing in an excerpt',
    { posts: [{ excerpt: [elWith('img', { src: 'https://blog.example.org/a.svg' })] }] },
    'image.format',
    { posts: [{ excerpt: [elWith('img', { src: IMAGE })] }] },
  ],
  [
    'a link that loses its target',
    { posts: [{ excerpt: [elWith('a', { href: '/a' }, 'a')] }] },
    'link.dropped',
    { posts: [{ excerpt: [elWith('a', { href: 'https://blog.example.org/a' }, 'a')] }] },
  ],
])('A mail with %s', (_, wrong, code, near) => {
  it(`has the finding ${code}`, () => {
    expect(codesOf(wrong)).toContain(code);
  });

  it('is distinguished from one that nearly has it', () => {
    expect(codesOf(near)).not.toContain(code);
  });
});

it('What a post brought is found at its file, the rest at the template', () => {
  const href = 'https://bit.ly/3x';
  const excerpt = [el('p', elWith('a', { href }, 'The log'))];
  const wishes = {
    body: `<a href="${href}">The log</a><a href="/x">x</a>`,
    posts: [{ id: 'pump', excerpt }],
    textLines: href,
  };
  expect(findingsOf(wishes).map(({ code, where, post }) => [code, where, post])).toEqual([
    ['link.shortener', 'posts/pump.md', 'pump'],
    ['link.relative', 'mine/issue.mjml.hbs', undefined],
  ]);
});

it('A title link shows no picture, so there is no finding about one', () => {
  const figure = { src: 'https://blog.example.org/a.webp', alt: 'a' };
  expect(codesOf({ posts: [{ form: 'link', figure }] })).toEqual([]);
});
