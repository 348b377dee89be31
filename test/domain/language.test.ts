import { describe, expect, it } from 'vitest';
import { isSameLanguage, textInLanguage } from '../../src/domain/language.js';

describe('the text for a language', () => {
  const found = (texts: { readonly [language: string]: string }, language: string) =>
    textInLanguage(texts, language, 'en')?.text;

  it('is the one with the exact tag, however it is written', () => {
    expect(found({ de: 'base', 'de-AT': 'exact', en: 'newsletter' }, 'de-AT')).toBe('exact');
    expect(found({ 'de-at': 'exact', en: 'newsletter' }, 'de-AT')).toBe('exact');
    expect(found({ 'zh-Hant': 'script', zh: 'base' }, 'zh-Hant-TW')).toBe('script');
  });
  it('is else the one of the language it belongs to', () => {
    expect(found({ de: 'base', en: 'newsletter' }, 'de-AT')).toBe('base');
  });
  it('is else the one for another region where it is written alike', () => {
    expect(found({ 'de-DE': 'Germany', en: 'newsletter' }, 'de-AT')).toBe('Germany');
    expect(found({ 'de-DE': 'Germany', en: 'newsletter' }, 'de')).toBe('Germany');
    expect(found({ 'zh-Hans': 'simplified', en: 'newsletter' }, 'zh-TW')).toBe('newsletter');
  });
  it('is else the newsletter’s, else any there is', () => {
    expect(found({ fr: 'French', en: 'newsletter' }, 'de-AT')).toBe('newsletter');
    expect(found({ fr: 'French', 'en-GB': 'British' }, 'de')).toBe('British');
    expect(found({ fr: 'French' }, 'de')).toBe('French');
  });
  it('is never a blank one, and there may be none', () => {
    expect(found({ de: ' ', en: 'newsletter' }, 'de')).toBe('newsletter');
    expect(found({ de: '\n' }, 'de')).toBeUndefined();
    expect(found({}, 'de')).toBeUndefined();
  });
  it('is found for what is no language tag', () => {
    expect(found({ en: 'newsletter' }, '../x')).toBe('newsletter');
    expect(found({ en: 'newsletter' }, 'constructor')).toBe('newsletter');
  });
});

it('two tags are the same language when they differ in the region alone', () => {
  expect(isSameLanguage('de-AT', 'de')).toBe(true);
  expect(isSameLanguage('DE', 'de-CH')).toBe(true);
  expect(isSameLanguage('zh-TW', 'zh-Hant')).toBe(true);
  expect(isSameLanguage('zh-TW', 'zh')).toBe(false);
  expect(isSameLanguage('de', 'nl')).toBe(false);
});
