import { describe, expect, it } from 'vitest';
import { fillSegments } from '../../src/domain/edition.js';
import { aPrintShop, aRenderInput, aRichNewsletter, READER } from '../support/render-fixtures.js';

const shop = aPrintShop();
const THEMES = ['plain'];

describe.each(THEMES)('the theme %s', (theme) => {
  it.each(['en', 'de'])('prints a rich issue in %s as it is kept in test/golden', async (language) => {
    const mail = await shop.render(aRenderInput({ newsletter: aRichNewsletter({ theme }), language }));
    const lines = fillSegments(mail.html, READER).replace(/(?=<(?:tr|div|h[1-6]|p|a|img|!--\[if)\b)/g, '\n');
    await expect(lines).toMatchFileSnapshot(`../golden/${theme}.${language}.html`);
    await expect(fillSegments(mail.text, READER)).toMatchFileSnapshot(`../golden/${theme}.${language}.txt`);
    expect(shop.check(mail)).toEqual([]);
  });
});
