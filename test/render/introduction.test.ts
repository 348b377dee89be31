import { describe, expect, it } from 'vitest';
import { fillSegments } from '../../src/domain/edition.js';
import { aBody } from '../support/builders.js';
import { findingsIn } from '../support/checked-mail.js';
import { aRichIssueIn, elWith, READER, testThemeRenderers } from '../support/render-fixtures.js';

const themes = testThemeRenderers();

describe.each(['plain', 'magazine'])('An introduction in the theme %s', (theme) => {
  it('comes before the first post, in both parts', async () => {
    const input = { ...aRichIssueIn('en', theme), introduction: aBody('Good morning.') };
    const mail = await themes.render(input);
    for (const part of [fillSegments(mail.html, READER), fillSegments(mail.text, READER)]) {
      const at = part.indexOf('Good morning.');
      expect(at).toBeGreaterThan(0);
      expect(at).toBeLessThan(part.indexOf('fourth-floor.example.org/post-'));
    }
    expect(await findingsIn(themes, mail, input)).toEqual([]);
  });

  it('runs as its own language does where that is not the mail’s', async () => {
    const arabic = aRichIssueIn('ar', theme);
    const input = { ...arabic, introduction: aBody('Good morning.'), introductionLanguage: 'en' };
    const other = await themes.render(input);
    expect(fillSegments(other.html, READER)).toMatch(
      /<div lang="en" dir="ltr" style="text-align:left">\s*<p[^>]*>Good morning/,
    );
    expect(await findingsIn(themes, other, input)).toEqual([]);
    const own = await themes.render({ ...arabic, introduction: aBody('صباح الخير') });
    expect(fillSegments(own.html, READER)).toMatch(/<div style="text-align:right">\s*<p[^>]*>صباح الخير/);
  });

  it('may be a picture alone', async () => {
    const src = 'https://blog.example.org/garden.png';
    const picture = elWith('p', {}, elWith('img', { src, alt: 'The garden', width: 600, height: 400 }));
    const mail = await themes.render({ ...aRichIssueIn('en', theme), introduction: [picture] });
    expect(fillSegments(mail.html, READER)).toContain(`src="${src}"`);
    expect(fillSegments(mail.text, READER)).toContain('The garden');
  });

  it('counts against the clip', async () => {
    const input = aRichIssueIn('en', theme);
    const words = 'word '.repeat(1000);
    const [without, with_] = [
      await themes.render(input),
      await themes.render({ ...input, introduction: aBody(words) }),
    ].map((mail) => themes.measure(mail));
    expect((with_ ?? 0) - (without ?? 0)).toBeGreaterThanOrEqual(words.length);
  });
});
