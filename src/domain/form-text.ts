/** What a field of a form can carry. Pure. */

/**
 * A text as a browser gives it back after showing it in a field of several lines: each line ends in LF (HTML normalises
 * newlines), and NUL and halves of surrogate pairs, which no page can hold, are U+FFFD. Every other character stays.
 */
export function formText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/\0|\p{Surrogate}/gu, '\ufffd');
}
