/** Languages as other programs write them. */

/** `pt_BR` or `pt-br` as a BCP 47 tag; `undefined` when it is none. */
export function languageFrom(written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  try {
    return Intl.getCanonicalLocales(written.replaceAll('_', '-'))[0];
  } catch {
    return undefined;
  }
}
