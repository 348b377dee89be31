/** When a server that is busy wants to be asked again. */

/** No server keeps a source silent for longer than this. */
const LONGEST_MS = 24 * 3_600_000;

/** How long `Retry-After` asks to wait, in seconds or as a date of the server's clock (RFC 9110 §10.2.3); `undefined` when it does not. */
export function retryAfterMsOf(headers: ReadonlyMap<string, string>): number | undefined {
  const written = headers.get('retry-after')?.trim() ?? '';
  const serverMs = Date.parse(headers.get('date') ?? '');
  const ms = /^\d{1,9}$/.test(written) ? Number(written) * 1000 : Date.parse(written) - serverMs;
  return ms > 0 ? Math.min(ms, LONGEST_MS) : undefined;
}

/** For how long an answer says that it stays fresh, in milliseconds (RFC 9111 §5.2); 0 when it does not. */
export function freshForMs(headers: ReadonlyMap<string, string>): number {
  const control = headers.get('cache-control') ?? '';
  if (/\bno-(?:cache|store)\b/i.test(control)) return 0;
  return Number(/\bmax-age\s*=\s*"?(\d{1,9})/i.exec(control)?.[1] ?? 0) * 1000;
}
