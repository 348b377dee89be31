/** Which pictures mail clients show. Pure. */

/** Kinds that Outlook, or most clients, leave blank. */
const NOT_SHOWN = /\.(?:webp|avif|svgz?|heic|tiff?|mp4|webm)$/i;

/** Whether an address is of a kind of picture that mail clients show, as far as its path tells. */
export function isShownInMail(src: string): boolean {
  return !NOT_SHOWN.test(URL.canParse(src) ? new URL(src).pathname : src);
}

/** Whether a text is one emoji and nothing else. */
export function isEmoji(text: string): boolean {
  return text.length <= 24 && /^\p{Emoji}/u.test(text) && !/[\p{L}\p{Nd}#*]/u.test(text);
}
