import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillSegments } from '../../src/domain/edition.js';
import { localFiles } from '../../src/platform/files.js';
import { contrastFindings } from '../../src/render/contrast.js';
import { openTemplateFiles } from '../../src/render/index.js';
import { lookOf } from '../../src/render/newsletter-look.js';
import { themeIn } from '../../src/render/theme.js';
import { aRenderInput, aRichNewsletter, READER, TEMPLATES, testThemeRenderers } from '../support/render-fixtures.js';

const themes = ['plain', 'magazine'] as const;
const state = () => openTemplateFiles({ files: localFiles(), folders: [TEMPLATES] }).current();
const colours = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

describe('a newsletter with a colour and a logo', () => {
  it.each(themes)('can be read in %s whatever its colour is', async (name) => {
    const { look, shown } = await themeIn(await state(), name);
    const edges = ['#000000', '#ffffff', '#ff0000', '#00ff00', '#0000ff', '#ffff00'].map((one) => [one] as [string]);
    fc.assert(
      fc.property(colours, (accent) => contrastFindings(lookOf(look, { accent }), shown).length === 0),
      { examples: edges },
    );
  });

  it('keeps a colour that can be read as it is, and the look of a theme without one', async () => {
    const { look } = await themeIn(await state(), 'plain');
    expect(lookOf(look, { accent: '#0b5a75' }).colours.light.link).toBe('#0b5a75');
    expect(lookOf(look, {})).toBe(look);
  });

  it.each(themes)('has both in its mails in %s', async (theme) => {
    const logo = { src: 'https://blog.example.org/icon.png?a=1&b="2"', width: 72 };
    const input = aRenderInput({ newsletter: aRichNewsletter({ theme, look: { accent: '#005f20', logo } }) });
    const html = fillSegments((await testThemeRenderers().render(input)).html, READER);
    expect(/<img [^>]*src="https:\/\/blog\.example\.org\/icon\.png\?[^"]*" alt width="72"/.test(html)).toBe(true);
    const { look } = await themeIn(await state(), theme);
    const has = { accent: html.includes('color:#005f20'), link: html.includes(look.colours.light.link as string) };
    expect(has).toEqual({ accent: true, link: false });
  });
});
