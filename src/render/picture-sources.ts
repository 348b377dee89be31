/** The sources of the pictures in a rendered mail, exchanged for others. */

const PICTURE = /<img\b(?:[^>"']|"[^"]*"|'[^']*')*>/gi;
const SOURCE = /(\ssrc=")([^"]*)"/i;

/** @param sourceFor what to show instead of an address; `undefined`: the address itself */
export async function withPictureSources(
  html: string,
  sourceFor: (address: string) => Promise<string | undefined>,
): Promise<string> {
  const sources = new Map<string, string | undefined>();
  for (const [picture] of html.matchAll(PICTURE)) {
    const address = addressIn(picture);
    if (address !== undefined && !sources.has(address)) sources.set(address, await sourceFor(address));
  }
  return html.replace(PICTURE, (picture) => {
    const source = sources.get(addressIn(picture) ?? '');
    return source === undefined ? picture : picture.replace(SOURCE, (_, before: string) => `${before}${source}"`);
  });
}

function addressIn(picture: string): string | undefined {
  return SOURCE.exec(picture)?.[2]?.replaceAll('&amp;', '&').replaceAll('&#38;', '&').replaceAll('&#x26;', '&');
}
