import { describe, expect, it } from 'vitest';
import type { GazetteError } from '../../src/domain/errors.js';
import { findingsIn } from '../support/checked-mail.js';
import { themeRenderersWith, themeRenderersWithTheme } from '../support/render-files.js';
import { aRenderInput, aRichNewsletter } from '../support/render-fixtures.js';

const FOOTER = 'partials/footer.mjml.hbs';

/** How the libraries speak of what they cannot read. */
const RAW =
  /Parse error|Expecting '|got '|doesn't match|illegal|for type|registered|Invalid|expected|received|ValidationError/;

/** What an editor is told after changing these files of a theme. */
async function mistakeIn(changed: { readonly [path: string]: string }): Promise<GazetteError> {
  const themes = await themeRenderersWithTheme(changed);
  const input = aRenderInput({ newsletter: aRichNewsletter({ theme: 'mine' }) });
  return themes.render(input).then(
    () => expect.fail('the theme printed'),
    (error) => error as GazetteError,
  );
}

/** A footer with one line of the editor's in its third line. */
function footerWith(line: string): { readonly [path: string]: string } {
  const links = '<a href="{{reader.unsubscribeUrl}}">x</a>';
  return { [FOOTER]: `<mj-section><mj-column>\n<mj-text>${links}</mj-text>\n${line}\n</mj-column></mj-section>\n` };
}

describe('a mistake in a template', () => {
  it.each([
    ['an unclosed block', '<mj-text>{{#if count}}</mj-text>', /cannot be read|doesn't match/, /footer\.mjml\.hbs:\d/],
    ['an unknown helper', '<mj-text>{{shout count}}</mj-text>', /no helper “shout”/, `mine/${FOOTER}:3:10`],
    [
      'an unknown helper in an expression',
      '<mj-text>{{say (shout count)}}</mj-text>',
      /no helper “shout”/,
      `mine/${FOOTER}:3:16`,
    ],
    ['an unknown field', '<mj-text>{{tilte}}</mj-text>', /no field “tilte”/, `mine/${FOOTER}:3:12`],
    [
      'an unknown field asked for',
      '<mj-text>{{#if tilte}}x{{/if}}</mj-text>',
      /no field “tilte”/,
      `mine/${FOOTER}:3:16`,
    ],
    [
      'an unknown field of a field',
      '<mj-text>{{newsletter.tilte}}</mj-text>',
      /no field “tilte”/,
      /footer\.mjml\.hbs:3/,
    ],
    ['an unknown partial', '{{> foot}}', /no partial “foot”/, `mine/${FOOTER}:3:0`.replace(':0', ':1')],
    ['an unknown message', '<mj-text>{{say "footer.wy"}}</mj-text>', /no message “footer.wy”/, `mine/${FOOTER}:3:10`],
    [
      'a message without its value',
      '<mj-text>{{say "issue.number"}}</mj-text>',
      /asks for \{number\}/,
      /en\.yaml|footer/,
    ],
    ['a date put in bare', '<mj-text>{{issue.date}}</mj-text>', /\{\{date/, `mine/${FOOTER}:3:10`],
    ['a tree put in bare', '<mj-text>{{sections}}</mj-text>', /no text/, `mine/${FOOTER}:3:10`],
    ['three braces', '<mj-text>{{{newsletter.title}}}</mj-text>', /[Tt]hree braces/, `mine/${FOOTER}:3:10`],
    ['an unknown MJML element', '<mj-txt>x</mj-txt>', /mj-txt/, `mine/${FOOTER}:3`],
    ['an unknown MJML attribute', '<mj-text colour="red">x</mj-text>', /colour/, `mine/${FOOTER}:3`],
    ['an include', '<mj-include path="./x.mjml" />', /partials/, `mine/${FOOTER}:3`],
    ['an unknown merge tag', '<mj-text>{{reader.nmae}}</mj-text>', /no reader\.nmae/, `mine/${FOOTER}:3:12`],
    [
      'a helper on a merge tag',
      '<mj-text>{{date reader.name}}</mj-text>',
      /differs from reader to reader/,
      `mine/${FOOTER}:3:17`,
    ],
    [
      'a choice outside an island',
      '<mj-text>{{#if reader.name}}x{{/if}}</mj-text>',
      /\{\{#personal\}\}/,
      `mine/${FOOTER}:3:10`,
    ],
    ['a merge tag in a comment', '<mj-raw><!-- {{reader.name}} --></mj-raw>', /comment|lost/, `mine/${FOOTER}:3:16`],
    [
      'a merge tag in a style',
      '<mj-text><p style="color:{{reader.name}}">x</p></mj-text>',
      /attribute style/,
      `mine/${FOOTER}:3:28`,
    ],
    ['a name as a link', '<mj-text><a href="{{reader.name}}">x</a></mj-text>', /only reader/, `mine/${FOOTER}:3:21`],
    ['a merge tag between elements', '{{reader.name}}', /lost/, `mine/${FOOTER}:3:3`],
    [
      'a choice in an attribute',
      '<mj-text>{{#personal}}<a title="{{#if reader.name}}x{{/if}}" href="https://a.example">x</a>{{/personal}}</mj-text>',
      /in text only/,
      `mine/${FOOTER}:3:33`,
    ],
    ['an unclosed element', '<mj-text>x', /<mj-text> is never closed/, `mine/${FOOTER}:3`],
    ['a closed element that is not open', 'x</mj-text>', /<\/mj-text> closes nothing/, `mine/${FOOTER}:3`],
    [
      'a script',
      '<mj-raw><tr><td><script>x()</script></td></tr></mj-raw>',
      /<script> has no place/,
      'mine/issue.mjml.hbs',
    ],
    ['an event handler', '<mj-text><b ONCLICK=x()>x</b></mj-text>', /“onclick”/, 'mine/issue.mjml.hbs'],
    [
      'an attribute that cannot be so',
      '<mj-text font-size="big">x</mj-text>',
      /font-size cannot be “big”/,
      `mine/${FOOTER}:3`,
    ],
    ['an expression that is not complete', '<mj-text>{{if}</mj-text>', /cannot be read near/, `mine/${FOOTER}:3`],
    [
      'a block closed by another',
      '<mj-text>{{#if count}}x{{/each}}</mj-text>',
      /\{\{#if\}\} is closed by/,
      /footer\.mjml\.hbs:3/,
    ],
    ['a relative link', '<mj-text><a href="/about">x</a></mj-text>', /\/about/, 'mine/issue.mjml.hbs'],
    ['a second first-level heading', '<mj-text><h1>x</h1></mj-text>', /first-level/, 'mine/issue.mjml.hbs'],
  ])('%s names what and where', async (_, line, message, where) => {
    const error = await mistakeIn(footerWith(line));
    expect(error.code).toBe('theme.invalid');
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(RAW);
    if (where instanceof RegExp) expect(error.where).toMatch(where);
    else expect(error.where).toBe(where);
  });

  it('that leaves out the way to unsubscribe stops the mail', async () => {
    const error = await mistakeIn({
      [FOOTER]: '',
      'partials/masthead.mjml.hbs': '<mj-section><mj-column><mj-text><h1>x</h1></mj-text></mj-column></mj-section>',
    });
    expect(error.message).toMatch(/no unsubscribe link/);
  });

  it('in theme.yaml names every place at once', async () => {
    const error = await mistakeIn({
      'theme.yaml':
        'name: Mine\ndescription: x\nwidth: 2000\ncontentWidth: 500\ncolours:\n  light: { paper: red }\n  dark: {}\nfonts: { body: "a", heading: "b", code: "c" }\nextra: 1\n',
    });
    expect(error.problems.map(({ where }) => where)).toEqual(
      expect.arrayContaining(['mine/theme.yaml:3:8', 'mine/theme.yaml:6:19']),
    );
    expect(error.problems.length).toBeGreaterThan(3);
  });

  it.each([
    ['theme.yaml', 'mine'],
    ['messages/en.yaml', 'messages'],
  ])('that makes aliases of aliases in %s is refused at once', async (path) => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level += 1)
      lines.push(
        `a${level}: &a${level} [${Array(9)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    const bomb = `${lines.join('\n')}\n`;
    const error = await (path === 'theme.yaml'
      ? mistakeIn({ [path]: bomb })
      : themeRenderersWith({ [path]: bomb })
          .messages('en')
          .then(
            () => expect.fail('the messages were read'),
            (reason) => reason as GazetteError,
          ));
    expect(error).toMatchObject({ code: 'theme.invalid', where: expect.stringContaining(path) });
    expect(error.message).toContain('too often');
  });

  it('in messages is worded like one in settings', async () => {
    const error = await themeRenderersWith({ 'messages/en.yaml': 'issue:\n  number: [1]\n' })
      .messages('en')
      .then(
        () => expect.fail('the messages were read'),
        (reason) => reason as GazetteError,
      );
    expect(error.problems).toEqual([
      { where: 'messages/en.yaml:2:11', message: 'issue.number: Must be text or a group of settings.' },
    ]);
  });

  it('in the text template is named there', async () => {
    const error = await mistakeIn({ 'partials/footer.txt.hbs': '\n{{plain count}}\n' });
    expect(error.where).toBe('mine/partials/footer.txt.hbs:2:1');
  });

  it('is gone with the next rendering after it was mended', async () => {
    const themes = await themeRenderersWithTheme({});
    const input = aRenderInput({ newsletter: aRichNewsletter({ theme: 'mine' }) });
    expect(await findingsIn(themes, await themes.render(input), input)).toEqual([]);
  });

  it('is found by the theme check before there is an issue, also where few issues come by', async () => {
    const caption = await themeRenderersWithTheme({
      'partials/contents.mjml.hbs': '{{#each sections}}{{tilte}}{{/each}}',
    });
    await expect(caption.checks.theme('mine')).rejects.toMatchObject({ where: 'mine/partials/contents.mjml.hbs:1:21' });
    expect(await (await themeRenderersWithTheme({})).checks.theme('mine')).toEqual([]);
  });

  it('of the colours is named by the theme check', async () => {
    const pale = await themeRenderersWithTheme({ 'theme.yaml': THEME });
    expect((await pale.checks.theme('mine')).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^muted on paper \(light\) has a contrast of 2\.3/),
      expect.stringMatching(/^muted on background \(light\)/),
    ]);
  });
});

const COLOURS =
  'background: "#ffffff", paper: "#ffffff", text: "#000000", heading: "#000000", link: "#0000cc", line: "#dddddd", code: "#eeeeee"';
const DARK =
  'background: "#000000", paper: "#000000", text: "#ffffff", heading: "#ffffff", link: "#aaaaff", line: "#333333", code: "#222222"';
const THEME = `name: Pale
description: Too pale to read.
width: 600
contentWidth: 500
colours:
  light: { ${COLOURS}, muted: "#aaaaaa" }
  dark: { ${DARK}, muted: "#aaaaaa" }
fonts: { body: serif, heading: serif, code: monospace }
`;
