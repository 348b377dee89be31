/** Which of several texts a reader of a language gets (rule: language). Pure. */

/** A text and the language it is in. */
export interface TextInLanguage {
  readonly text: string;
  readonly language: string;
}

/** `pt_BR` or `pt-br` as a BCP 47 tag; `undefined` for what is none, such as `english`. */
export function languageFrom(written: string | undefined): string | undefined {
  const tag = written?.trim().replaceAll('_', '-');
  if (tag === undefined || !/^[A-Za-z]{2,3}(?:-|$)/.test(tag)) return undefined;
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

/** `zh-Hant-TW` → itself, `zh-Hant`, `zh`; nothing for what is no language tag. */
export function languageTags(language: string): readonly string[] {
  if (!/^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$/.test(language)) return [];
  const parts = language.split('-');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
}

/** Whether two tags name the same language, whatever their regions: `de-AT` and `de`, but not `zh-Hans` and `zh-Hant`. */
export function isSameLanguage(one: string, other: string): boolean {
  return writtenForm(one) === writtenForm(other);
}

function writtenForm(tag: string): string {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return `${language}-${script}`;
  } catch {
    return tag.toLowerCase();
  }
}

/**
 * The text in a language, else in the language it belongs to, in another region's form of it, in `otherwise`, or any there is.
 * Blank texts do not count; `undefined` when there are no others.
 */
export function textInLanguage(
  texts: { readonly [language: string]: string },
  language: string,
  otherwise: string,
): TextInLanguage | undefined {
  const written = Object.entries(texts).filter(([, text]) => text.trim() !== '');
  const tagged = (tag: string) => written.find(([own]) => own.toLowerCase() === tag.toLowerCase());
  const related = (tag: string) => written.find(([own]) => isSameLanguage(own, tag));
  const nearest = (tag: string) => languageTags(tag).map(tagged).find(Boolean) ?? related(tag);
  const [found] = [nearest(language), nearest(otherwise), written[0]].filter((each) => each !== undefined);
  return found && { language: found[0], text: found[1] };
}
