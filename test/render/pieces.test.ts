/** Editions share what they have in common, whatever the theme (rule: pieces). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fillSegments, type RenderedMail, type Segments } from '../../src/domain/edition.js';
import type { RenderInput } from '../../src/domain/ports/content.js';
import type { ThemeRenderers } from '../../src/render/index.js';
import { themeRenderersWithTheme } from '../support/render-files.js';
import {
  aDigestPost,
  aRenderInput,
  aRichNewsletter,
  READER,
  TEMPLATES,
  testThemeRenderers,
} from '../support/render-fixtures.js';

const KEYS = ['instruments', 'machine-learning', 'software', 'lab-life', 'other'];

/** An edition for every choice of sections. */
function everyEdition(theme: string): readonly RenderInput[] {
  const newsletter = aRichNewsletter({ theme });
  const sections = KEYS.map((key) => ({
    key,
    title: `Section ${key}`,
    posts: [1, 2, 3].map((nth) => aDigestPost({ title: `${key} ${nth}`, categories: [key] })),
  }));
  return Array.from({ length: 2 ** KEYS.length - 1 }, (_, index) =>
    aRenderInput({
      newsletter,
      digest: { sections: sections.filter((_, place) => ((index + 1) >> place) & 1), carriedOver: 0 },
      subject: `Subject ${index}`,
      preheader: `Preheader ${index}`,
    }),
  );
}

const partOf = (path: string) => readFile(join(TEMPLATES, 'plain', path), 'utf8');

function piecesOf(mails: readonly RenderedMail[]): ReadonlySet<string> {
  const ofPart = (part: Segments) =>
    part.flatMap((each) => (typeof each === 'object' && each.kind === 'piece' ? each.key : []));
  return new Set(mails.flatMap(({ html, text }) => [...ofPart(html), ...ofPart(text)]));
}

/** What an edition has of its own, in characters. */
function ownLength({ html, text }: RenderedMail): number {
  return [...html, ...text].reduce((sum, each) => sum + (typeof each === 'string' ? each.length : 0), 0);
}

async function rendered(theme: string, themes: ThemeRenderers = testThemeRenderers()) {
  const editions = everyEdition(theme);
  const issue = {};
  const mails: RenderedMail[] = [];
  for (const edition of editions) mails.push(await themes.render(edition, issue));
  const whole = await themes.render(editions.at(-2) as RenderInput, {}, { isWhole: true });
  const html = (mail: RenderedMail | undefined) => mail && fillSegments(mail.html, READER);
  return { mails, isSame: html(mails.at(-2)) === html(whole), findings: await themes.checks.theme(theme) };
}

it.each(['plain', 'magazine'])(
  '31 editions of the theme %s are made of a few dozen pieces and their own words',
  async (theme) => {
    const { mails } = await rendered(theme);
    expect(mails).toHaveLength(31);
    expect(piecesOf(mails).size).toBeLessThan(60);
    expect(Math.max(...mails.map(ownLength))).toBeLessThan(800);
  },
);

it('a theme whose sections read what is around them is right, and the check says what it costs', async () => {
  const themes = await themeRenderersWithTheme({
    'partials/post.mjml.hbs': (await partOf('partials/post.mjml.hbs')).replace(
      '{{> byline}}',
      '{{> byline}} of {{@root.count}}',
    ),
  });
  const { mails, isSame, findings } = await rendered('mine', themes);
  expect(fillSegments(mails.at(-1)?.html ?? [], READER)).toContain(' of 15</p>');
  expect(isSame).toBe(true);
  expect(findings).toEqual([expect.objectContaining({ code: 'theme.unshared', level: 'note' })]);
});

it('a partial inside an element of text is printed in its place, and the others are shared', async () => {
  const themes = await themeRenderersWithTheme({
    'partials/contents.mjml.hbs': (await partOf('partials/contents.mjml.hbs')).replace(
      '{{isolate title}}',
      '{{> entry}}',
    ),
    'partials/entry.mjml.hbs': '<b>{{title}}</b>',
  });
  const { mails, isSame, findings } = await rendered('mine', themes);
  expect(isSame).toBe(true);
  expect(piecesOf(mails).size).toBeLessThan(80);
  expect(findings).toEqual([]);
});

it('columns of one row, which share its width, are printed together', async () => {
  const themes = await themeRenderersWithTheme({
    'issue.mjml.hbs': (await partOf('issue.mjml.hbs')).replace(
      /\{\{#each sections\}\}[\s\S]*?\{\{\/each\}\}/,
      '<mj-section>{{#each sections}}{{> column}}{{/each}}</mj-section>',
    ),
    'partials/column.mjml.hbs':
      '<mj-column><mj-text><h2>{{title}}</h2>{{#each posts}}<p>{{title}}</p>{{/each}}</mj-text></mj-column>',
  });
  const { isSame, mails } = await rendered('mine', themes);
  expect(isSame).toBe(true);
  expect(fillSegments(mails.at(-1)?.html ?? [], READER)).toContain('mj-column-per-20');
});
