/** Looks for the end of what begins with a bracket or a quote. */

/** Where the JSON object at the start of a text ends, its nested braces and strings counted; `undefined` when it never does. */
export function endOfJson(text: string): number | undefined {
  let [depth, inString] = [0, false];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}
