/** Taking characters off the ends of a text in time that grows with the text alone: a pattern such as `/x+$/` tries every x. */

/** The text without these characters at its end. */
export function trimEndOf(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** The text without these characters at either end. */
export function trimOf(text: string, characters: string): string {
  let start = 0;
  while (start < text.length && characters.includes(text.charAt(start))) start += 1;
  return trimEndOf(text.slice(start), characters);
}

/** Each line without spaces and tabs at its end. */
export function trimLineEnds(text: string): string {
  return text
    .split('\n')
    .map((line) => trimEndOf(line, ' \t'))
    .join('\n');
}

/** The text without everything from each `opener` to the next `closer`; an opener that is never closed stays. */
export function withoutBetween(text: string, opener: string, closer: string): string {
  let [result, at] = ['', 0];
  for (;;) {
    const start = text.indexOf(opener, at);
    const end = start === -1 ? -1 : text.indexOf(closer, start + opener.length);
    if (end === -1) return result + text.slice(at);
    result += text.slice(at, start);
    at = end + closer.length;
  }
}
