import { describe, expect, it } from 'vitest';
import { siteFactsFrom, smartPunctuationOf } from '../../src/sources/dialects/index.js';
import { bodyOf, filesOf, markupOf, postOf } from '../support/sources-files.js';

const WRITTEN = `"It's *so*" -- 'no'... a---b \`"x" -- y\`\n\n    "code"\n`;
const shown = (dialect: 'hugo' | 'jekyll' | 'hexo' | 'astro' | 'eleventy' | 'docusaurus' | 'plain') => {
  const path = dialect === 'jekyll' ? '_posts/2026-06-09-a-post.md' : '2026-06-09-a-post.md';
  return markupOf(postOf(`---\ndate: 2026-06-09\n---\n${WRITTEN}`, path, { dialect }).body);
};
const code = '<pre><code>"code"</code></pre>';

describe('straight quotes, hyphens and dots', () => {
  it.each(['hugo', 'jekyll', 'hexo'] as const)(
    'are shown by %s as dashes of two lengths and curly quotes',
    (dialect) => {
      expect(shown(dialect).replaceAll('\n', '')).toBe(
        `<p>“It’s <em>so</em>” – ‘no’… a—b <code>"x" -- y</code></p>${code}`,
      );
    },
  );

  it('are shown by Astro with an em dash for two hyphens alone', () => {
    expect(shown('astro')).toContain('<p>“It’s <em>so</em>” — ‘no’… a---b <code>"x" -- y</code></p>');
  });

  it.each(['eleventy', 'docusaurus', 'plain'] as const)('stay in %s as they are', (dialect) => {
    expect(shown(dialect)).toContain(`<p>"It's <em>so</em>" -- 'no'... a---b `);
  });

  it.each([
    ['hugo.toml', 'baseURL = "https://a.example"\n[markup.goldmark.extensions]\ntypographer = false', 'none'],
    ['hugo.toml', 'baseURL = "https://a.example"\n[markup.goldmark.extensions.typographer]\ndisable = true', 'none'],
    ['hugo.toml', 'baseURL = "https://a.example"', 'dashes'],
    ['zola.toml', 'base_url = "https://a.example"\n[markdown]\nsmart_punctuation = true', 'dashes'],
    ['_config.yml', 'url: https://a.example\nmarkdown: CommonMark', 'none'],
    ['astro.config.mjs', 'export default {\n  markdown: {\n    smartypants: false,\n  },\n};', 'none'],
    ['eleventy.config.js', 'const options = {\n  typographer: true,\n};', 'dashes'],
  ])('follow the configuration in %s: %s', async (name, text, style) => {
    const { facts } = await siteFactsFrom('/content/site', filesOf({ [`site/${name}`]: text }));
    expect(smartPunctuationOf(facts)).toBe(style);
  });
});

describe('a heading with an anchor of its own', () => {
  it('is shown without it', () => {
    expect(bodyOf('## Part {#part}\n\nText.')).toContain('Part</h2>');
  });
});
