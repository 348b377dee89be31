/** Reads the body of a request, up to a limit. */

/** The whole body; `undefined` when it is longer than `most` bytes. */
export async function readAtMost(
  body: ReadableStream<Uint8Array> | null,
  most: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (body) {
    for await (const chunk of body) {
      length += chunk.length;
      if (length > most) return undefined;
      chunks.push(chunk);
    }
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
