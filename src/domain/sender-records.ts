/**
 * The DNS records of a sender: SPF (RFC 7208) and DKIM (RFC 6376); DMARC has a file of its own. DNS is a port, so these rules
 * run without a network.
 */
import type { Dns } from './ports/host.js';

export interface Finding {
  /** What was looked at: `spf`, `dkim`, `dmarc`, … */
  readonly check: string;
  readonly level: 'ok' | 'warn' | 'fail';
  readonly text: string;
  /** What to do; absent where all is well. */
  readonly hint?: string;
}

/** RFC 7208 §4.6.4. */
const MOST_LOOKUPS = 10;

/** The SPF record of the domain envelopes come from. */
export async function checkSpf(dns: Dns, domain: string): Promise<Finding> {
  const check = 'spf';
  const records = await spfRecords(dns, domain);
  const [record] = records;
  if (record === undefined) {
    const hint = `Publish a TXT record at ${domain} that names your mail server, such as “v=spf1 include:… ~all”.`;
    return { check, level: 'fail', text: `${domain} has no SPF record.`, hint };
  }
  if (records.length > 1)
    return { check, level: 'fail', text: `${domain} has ${records.length} SPF records.`, hint: 'Keep one of them.' };
  if (/(?:^|\s)\+?all(?:\s|$)/i.test(record))
    return { check, level: 'fail', text: `“${record}” lets any server send.`, hint: 'End it with ~all or -all.' };
  const lookups = await countLookups(dns, record, new Set([domain]));
  if (lookups > MOST_LOOKUPS) {
    const text = `SPF of ${domain} needs ${lookups} lookups, and receivers stop at ${MOST_LOOKUPS}.`;
    return { check, level: 'fail', text, hint: 'Take an include out.' };
  }
  return { check, level: 'ok', text: `SPF of ${domain}: ${record} (${lookups} of ${MOST_LOOKUPS} lookups)` };
}

async function spfRecords(dns: Dns, domain: string): Promise<readonly string[]> {
  return (await dns.txt(domain)).filter((text) => /^v=spf1(?:\s|$)/i.test(text));
}

async function countLookups(dns: Dns, record: string, seen: Set<string>): Promise<number> {
  let count = 0;
  for (const term of record.split(/\s+/).slice(1)) {
    const [, name = '', target = ''] = /^[+?~-]?([a-z]+)(?:[:=]([^/]+))?/i.exec(term) ?? [];
    const kind = name.toLowerCase();
    if (!['include', 'a', 'mx', 'ptr', 'exists', 'redirect'].includes(kind)) continue;
    count += 1;
    const isNested = kind === 'include' || kind === 'redirect';
    if (!isNested || seen.has(target) || count > MOST_LOOKUPS) continue;
    seen.add(target);
    const [nested] = await spfRecords(dns, target);
    if (nested !== undefined) count += await countLookups(dns, nested, seen);
  }
  return count;
}

/** What a receiver makes of one signature of a message. */
export interface SignatureVerdict {
  /** Who signed: `d=`. */
  readonly domain: string;
  /** Where its key is published. */
  readonly name: string;
  readonly result: 'pass' | 'no-key' | 'revoked' | 'bad-key' | 'wrong-key' | 'bad-body';
}

/** What to do about a signature. @param record the text that should be published for the key Gazette signs with */
export function dkimFinding({ name, result }: SignatureVerdict, record: string): Finding {
  const check = 'dkim';
  const fail = (text: string, hint: string): Finding => ({ check, level: 'fail', text, hint });
  const publish = `Publish there: ${record}`;
  switch (result) {
    case 'pass':
      return { check, level: 'ok', text: `A message signed as readers get it passes with the key at ${name}.` };
    case 'no-key':
      return fail(`There is no key at ${name}.`, publish);
    case 'revoked':
      return fail(`The key at ${name} is revoked.`, 'Sign with another.');
    case 'bad-key':
      return fail(`What is published at ${name} is not a key.`, publish);
    case 'wrong-key':
      return fail(`The key at ${name} is not the other half of the one that signs: every signature fails.`, publish);
    case 'bad-body':
      return fail(
        'The signature does not match the body of the message.',
        'This is a fault of Gazette: please report it.',
      );
  }
}
