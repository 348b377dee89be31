/** Which way a language or a text runs, and how a text of the other direction is kept from disturbing its surroundings. */

export type Direction = 'ltr' | 'rtl';

const RTL_SCRIPTS = new Set(['Adlm', 'Arab', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa']);
const RTL_LETTER =
  /[\p{sc=Adlam}\p{sc=Arabic}\p{sc=Hebrew}\p{sc=Mandaic}\p{sc=Nko}\p{sc=Hanifi_Rohingya}\p{sc=Samaritan}\p{sc=Syriac}\p{sc=Thaana}]/u;

/** The direction of a BCP 47 language; `ltr` for what is no language tag. */
export function directionOfLanguage(language: string): Direction {
  try {
    const { script } = new Intl.Locale(language).maximize();
    return script !== undefined && RTL_SCRIPTS.has(script) ? 'rtl' : 'ltr';
  } catch {
    return 'ltr';
  }
}

/** The direction of a text's first letter; `undefined` when it has none. */
export function directionOfText(text: string): Direction | undefined {
  const letter = /\p{L}/u.exec(text)?.[0];
  if (letter === undefined) return undefined;
  return RTL_LETTER.test(letter) ? 'rtl' : 'ltr';
}

/** The text between U+2068 and U+2069 when it runs against its surroundings, as it is otherwise. */
export function isolated(text: string, around: Direction): string {
  if (/^[\u2066-\u2068].*\u2069$/su.test(text)) return text;
  const direction = directionOfText(text);
  return direction === undefined || direction === around ? text : `\u2068${text}\u2069`;
}

/** Opens an embedding or override, an isolate; closes an embedding, an isolate (Unicode UAX 9). */
const BIDI_CONTROL = /[\u202a-\u202e\u2066-\u2069]/g;

/** The text without the controls that reorder what is around it. Marks such as U+200E stay. */
export function withoutBidiControls(text: string): string {
  return text.replace(BIDI_CONTROL, '');
}

/** The text as it is when every bidi control in it is closed again, and without these controls otherwise. */
export function withBalancedBidi(text: string): string {
  const open: string[] = [];
  for (const [control] of text.matchAll(BIDI_CONTROL)) {
    const closed = control === '\u2069' ? 'isolate' : control === '\u202c' ? 'embedding' : undefined;
    if (closed === undefined) open.push(control >= '\u2066' ? 'isolate' : 'embedding');
    else if (open.pop() !== closed) return withoutBidiControls(text);
  }
  return open.length === 0 ? text : withoutBidiControls(text);
}
