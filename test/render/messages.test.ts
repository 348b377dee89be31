import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { themeRenderersWith } from '../support/render-files.js';
import { TEMPLATES, testThemeRenderers } from '../support/render-fixtures.js';

const themes = testThemeRenderers();

/** The dotted keys of a catalogue; the forms of a plural are one key. */
function keysOf(tree: object, prefix = ''): readonly string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' || ('other' in value && typeof value.other === 'string')
      ? [prefix + key]
      : keysOf(value, `${prefix}${key}.`),
  );
}

describe('words', () => {
  it('are there for a language, or for its base language', async () => {
    expect((await themes.messages('en-GB')).say('footer.unsubscribe')).toBe('Unsubscribe');
    expect((await themes.messages('de-AT')).say('footer.unsubscribe')).toBe('Abbestellen');
    for (const language of ['xx', '../en'])
      await expect(themes.messages(language)).rejects.toMatchObject({ code: 'theme.missing' });
  });

  it('have the same keys in every language', () => {
    const folder = join(TEMPLATES, 'messages');
    const catalogues = readdirSync(folder).map(
      (name) => [name, parse(readFileSync(join(folder, name), 'utf8'))] as const,
    );
    const english = keysOf(parse(readFileSync(join(folder, 'en.yaml'), 'utf8')));
    for (const [name, tree] of catalogues) expect([name, keysOf(tree)]).toEqual([name, english]);
  });

  it('follow the plurals and numbers of their language', async () => {
    const english = await themes.messages('en');
    expect(english.say('heldOver', { count: 1 })).toBe('1 more post next time.');
    expect(english.say('heldOver', { count: 1200 })).toBe('1,200 more posts next time.');
    const arabic = await themes.messages('ar');
    expect(arabic.say('issue.count', { count: 2 })).toBe('مقالتان جديدتان');
    expect(arabic.direction).toBe('rtl');
  });

  it('isolate what runs against them', async () => {
    const english = await themes.messages('en');
    expect(english.say('post.continue', { title: 'شاي الخميس' })).toBe('Continue reading: \u2068شاي الخميس\u2069');
    expect(english.say('post.continue', { title: 'Tea' })).toBe('Continue reading: Tea');
    expect(english.say('subject.one', { title: 'شاي' })).toBe('شاي');
  });

  it('refuse an unknown key and a missing value', async () => {
    const english = await themes.messages('en');
    expect(() => english.say('footer.nothing')).toThrow(/no message “footer.nothing”/);
    expect(() => english.say('issue.number')).toThrow(/asks for \{number\}/);
  });

  it('of the workspace go before the package’s, key by key', async () => {
    const messages = await themeRenderersWith({ 'messages/en.yaml': 'footer:\n  unsubscribe: Leave\n' }).messages('en');
    expect(messages.say('footer.unsubscribe')).toBe('Leave');
    expect(messages.say('footer.preferences')).toBe('Change what you get');
  });

  it('can change one key that is named like a plural form', async () => {
    const messages = await themeRenderersWith({ 'messages/en.yaml': 'section:\n  other: Odds and ends\n' }).messages(
      'en',
    );
    expect(messages.say('section.other')).toBe('Odds and ends');
  });

  it('that are no catalogue are refused by place', async () => {
    const broken = themeRenderersWith({ 'messages/en.yaml': 'footer:\n  unsubscribe: [1]\n' });
    await expect(broken.messages('en')).rejects.toMatchObject({
      code: 'theme.invalid',
      where: 'messages/en.yaml:2:16',
    });
  });
});
