import { describe, expect, it } from 'vitest';
import { themeRenderersWith, themeRenderersWithTheme } from '../support/render-files.js';

describe('the hashes of what is printed', () => {
  const hashesWith = async (changed: { readonly [path: string]: string }) =>
    (await themeRenderersWithTheme(changed)).hashes('mine');
  const wordsWith = async (catalogue: { readonly [path: string]: string }) =>
    (await themeRenderersWith(catalogue).hashes('plain')).messages;

  it('change with a file of the theme, and not with its pages and confirmations', async () => {
    const before = await hashesWith({});
    expect((await hashesWith({ 'issue.txt.hbs': 'Other' })).theme).not.toBe(before.theme);
    const pages = { 'pages/home.html.hbs': 'Other', 'confirm.txt.hbs': 'Other' };
    expect(await hashesWith(pages)).toEqual(before);
  });

  it('change with a word of a mail in any language, and not with a word of a page', async () => {
    const before = await wordsWith({});
    expect(await wordsWith({ 'messages/de.yaml': 'footer:\n  unsubscribe: "Raus"\n' })).not.toBe(before);
    expect(await wordsWith({ 'messages/fr.yaml': 'footer:\n  unsubscribe: "Partir"\n' })).not.toBe(before);
    expect(await wordsWith({ 'messages/en.yaml': 'page:\n  skip: "Skip it"\n' })).toBe(before);
  });
});
