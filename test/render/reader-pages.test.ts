import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PageRequest, PageView } from '../../src/domain/page.js';
import { localFiles } from '../../src/platform/files.js';
import { openPages, openTemplateFiles } from '../../src/render/index.js';
import { layered, WORKSPACE } from '../support/render-files.js';
import { aRichNewsletter, TEMPLATES } from '../support/render-fixtures.js';

/** A template that compares a reader's name must be rendered for each reader. */
const COMPARES = '{{#if (eq page.name "Zoe")}}Zoe{{/if}}';

/** `plain`, and `whole`: the same theme, whose page compares. */
async function aPage() {
  const disk = localFiles();
  const plain = join(TEMPLATES, 'plain');
  const files: { [path: string]: string } = {};
  for (const path of (await disk.list(plain)) ?? []) {
    const text = new TextDecoder().decode(await disk.read(path));
    files[path.replace(plain, 'whole')] = path.endsWith('preferences.html.hbs') ? text + COMPARES : text;
  }
  const pages = openPages(openTemplateFiles({ files: layered(files).files, folders: [WORKSPACE, TEMPLATES] }));
  return (theme: 'plain' | 'whole', language: string, view: PageView) => pages.page(request(theme, language, view));
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('', 'Ann', 'آنا', '123', '\u2068آنا\u2069', '"><script>', 'Hola', '{{name}}', "O'Neil & Ann"),
);
const choices = fc.array(fc.boolean(), { minLength: 2, maxLength: 2 });

const request = (theme: string, language: string, view: PageView): PageRequest => ({
  newsletter: aRichNewsletter({ theme }),
  language,
  links: { style: '/s', signUp: '/s', archive: '/a', feed: '/f' },
  view,
});

const views = fc
  .record({ address: text, name: text, token: text, categories: choices, newsletters: choices, isChosen: fc.boolean() })
  .map(
    ({ address, name, token, categories, newsletters, isChosen }): PageView => ({
      kind: 'preferences',
      address,
      name,
      isSubscribed: true,
      hasOthers: isChosen,
      categories: categories.map((is, nth) => ({ key: `c${nth}`, title: `Category ${nth}`, isChosen: is })),
      isChosen,
      newsletters: newsletters.map((is, nth) => ({ key: `n${nth}`, title: `Newsletter ${nth}`, isChosen: is })),
      languages: [{ key: 'en', title: 'English', isChosen: true }],
      pausedUntil: null,
      pauseFrom: '2026-01-01',
      pauseTo: '2027-01-01',
      saved: null,
      problem: null,
      dataUrl: `/p/${token}/data`,
      unsubscribeUrl: `/u/${token}`,
    }),
  );

describe('pages of one reader', () => {
  it('are those that would be rendered for this reader alone, whichever readers came before', async () => {
    const page = await aPage();
    const without = async (view: PageView, language: string) =>
      (await page('whole', language, view)).replace(/Zoe$/, '');
    await fc.assert(
      fc.asyncProperty(views, fc.constantFrom('en', 'ar'), async (view, language) => {
        expect(await page('plain', language, view)).toBe(await without(view, language));
      }),
      { numRuns: 150 },
    );
  });

  it('are rendered for each reader where a theme compares what a reader typed', async () => {
    const page = await aPage();
    const [view] = fc.sample(views, 1);
    const named = (name: string) => page('whole', 'en', { ...view, name } as PageView);
    expect(await named('Ann')).not.toMatch(/Zoe$/);
    expect(await named('Zoe')).toMatch(/Zoe$/);
  });
});
