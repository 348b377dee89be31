/** What doctor checks at the public URL: that it leads to this Gazette, and that the clocks agree. */
import type { Links } from '../audience/links.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { WebAnswer } from '../domain/ports/host.js';
import type { Finding } from '../domain/sender-records.js';

export interface PublicUrlCheckDeps {
  readonly newsletters: ReadonlyMap<string, Newsletter>;
  readonly publicUrl?: string;
  /** Absent without a public URL and a secret. */
  readonly publicSite?: { readonly links: Pick<Links, 'oneClickUrl'> };
  /** Sends this form by POST. */
  askWeb(url: string, form: { readonly [name: string]: string }): Promise<WebAnswer>;
  readonly now: Date;
}

/** RFC 8058 §3.1 */
const ONE_CLICK = { 'List-Unsubscribe': 'One-Click' };

export async function checkPublicUrl(deps: PublicUrlCheckDeps): Promise<readonly Finding[]> {
  const { publicUrl, publicSite, askWeb } = deps;
  const [newsletter] = deps.newsletters.values();
  if (publicUrl === undefined || !newsletter || !publicSite) return [];
  const check = 'public-url';
  const hint = 'Check that `gazette serve` runs with this GAZETTE_SECRET behind the proxy of that address.';
  // There is no reader 0: our pages accept the click and unsubscribe no reader. A site that accepts a forged click is not ours.
  const url = publicSite.links.oneClickUrl(newsletter.id, 0);
  const answer = await askWeb(url, ONE_CLICK);
  if (answer.kind === 'failed')
    return [{ check, level: 'fail', text: `${publicUrl} does not answer: ${answer.text}`, hint }];
  const forged = await askWeb(`${url}x`, ONE_CLICK);
  const isForgedAccepted = forged.kind === 'answered' && forged.status < 300;
  const also = isForgedAccepted ? ', and accepts a forged one too' : '';
  const text = `${publicUrl} answers a one-click unsubscribe with ${answer.status}${also}.`;
  const isOurs = answer.status === 200 && !isForgedAccepted;
  const finding: Finding = isOurs ? { check, level: 'ok', text } : { check, level: 'fail', text, hint };
  return [finding, ...clockFindings(deps.now, answer.date)];
}

const MOST_SKEW_MS = 60_000;

/** The only other clock at hand is the web server's, which gives whole seconds. */
function clockFindings(now: Date, date: Date | undefined): readonly Finding[] {
  if (!date) return [];
  const skewMs = now.getTime() - date.getTime();
  const text = `The clock is ${Math.round(skewMs / 1000)} s from the clock of the public address.`;
  const isFar = Math.abs(skewMs) > MOST_SKEW_MS;
  return [{ check: 'clock', level: isFar ? 'warn' : 'ok', text, ...(isFar && { hint: 'Set the clock by NTP.' }) }];
}
