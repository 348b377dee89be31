import { describe, expect, it } from 'vitest';
import { fillSegments } from '../../src/domain/edition.js';
import { findingsIn } from '../support/checked-mail.js';
import { aRichIssueIn, READER, testThemeRenderers } from '../support/render-fixtures.js';

const themes = testThemeRenderers();

describe.each(['plain', 'magazine'])('the theme %s', (theme) => {
  it.each(['en', 'de', 'ja', 'ar'])('prints a rich issue in %s as it is kept in test/golden', async (language) => {
    const input = aRichIssueIn(language, theme);
    const mail = await themes.render(input);
    const lines = fillSegments(mail.html, READER).replace(/(?=<(?:tr|div|h[1-6]|p|a|img|!--\[if)\b)/g, '\n');
    await expect(lines).toMatchFileSnapshot(`../golden/${theme}.${language}.html`);
    await expect(fillSegments(mail.text, READER)).toMatchFileSnapshot(`../golden/${theme}.${language}.txt`);
    expect(await findingsIn(themes, mail, input)).toEqual([]);
  });

  it('keeps a contrast of 4.5 to 1 in both modes', async () => {
    expect(await themes.checks.theme(theme)).toEqual([]);
  });

  it('loads nothing from elsewhere but the pictures of posts', async () => {
    const mail = await themes.render(aRichIssueIn('en', theme));
    const html = fillSegments(mail.html, READER);
    const loaded = [...html.matchAll(/(?:src|background|srcset)="([^"]*)"|url\(([^)]*)\)|@import|<link\b/g)];
    expect(loaded.map((match) => match[1])).toEqual([
      'https://fourth-floor.example.org/images/baseline-drift.png',
      'https://fourth-floor.example.org/images/cake.jpg',
    ]);
  });
});
