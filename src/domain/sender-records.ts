/**
 * What DNS says of a sender: SPF (RFC 7208), DKIM (RFC 6376) and DMARC with its tree walk (RFC 9989). DNS is behind a
 * port, so these rules run without a network.
 */
import type { Dns } from './ports.js';

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
    return { check, level: 'fail', text: `“${record}” lets everybody send.`, hint: 'End it with ~all or -all.' };
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

/** The key a signature is checked with. @param publicKey the other half of the one Gazette signs with, base64 of its SPKI */
export async function checkDkim(
  dns: Dns,
  { domain, selector, publicKey }: { readonly domain: string; readonly selector: string; readonly publicKey: string },
): Promise<Finding> {
  const check = 'dkim';
  const name = `${selector}._domainkey.${domain}`;
  const wanted = `v=DKIM1; k=rsa; p=${publicKey}`;
  const [record] = (await dns.txt(name)).filter((text) => /(?:^|;)\s*p\s*=/i.test(text));
  if (record === undefined)
    return { check, level: 'fail', text: `There is no key at ${name}.`, hint: `Publish there: ${wanted}` };
  const published = tagsOf(record).get('p')?.replace(/\s+/g, '') ?? '';
  if (published === '')
    return { check, level: 'fail', text: `The key at ${name} is revoked.`, hint: 'Sign with another.' };
  if (published !== publicKey) {
    const text = `The key at ${name} is not the other half of DKIM_KEY: every signature fails.`;
    return { check, level: 'fail', text, hint: `Publish there: ${wanted}` };
  }
  return { check, level: 'ok', text: `The key at ${name} is the one Gazette signs with.` };
}

/** RFC 9989 §4.10: at most so many queries for one domain. */
const MOST_QUERIES = 8;

interface DmarcRecord {
  readonly domain: string;
  readonly tags: ReadonlyMap<string, string>;
}

/** The DMARC record that holds for an author's domain, found by the tree walk. */
export async function checkDmarc(dns: Dns, domain: string): Promise<Finding> {
  const check = 'dmarc';
  const found = await walkTree(dns, domain);
  const own = found.find((each) => each.domain === domain);
  const holds = own ?? organisational(found);
  if (!holds) {
    const hint = `Publish a TXT record at _dmarc.${domain}: “v=DMARC1; p=none; rua=mailto:you@${domain}”.`;
    return { check, level: 'fail', text: `No DMARC record holds for ${domain}.`, hint };
  }
  const policy = (own ? undefined : holds.tags.get('sp')) ?? holds.tags.get('p') ?? 'none';
  const text = `DMARC of ${holds.domain}: policy ${policy} for ${domain}`;
  return { check, level: 'ok', text };
}

async function walkTree(dns: Dns, domain: string): Promise<readonly DmarcRecord[]> {
  const found: DmarcRecord[] = [];
  for (const name of treeOf(domain)) {
    const records = (await dns.txt(`_dmarc.${name}`)).filter((text) => /^v\s*=\s*DMARC1\s*(?:;|$)/.test(text));
    // Several records are none (RFC 9989 §4.7).
    if (records.length !== 1) continue;
    const record = { domain: name, tags: tagsOf(records[0] as string) };
    found.push(record);
    if (['y', 'n'].includes(record.tags.get('psd') ?? '')) break;
  }
  return found;
}

/** The domain, then its parents; of a long name the labels in the middle are left out (RFC 9989 §4.10). */
function treeOf(domain: string): readonly string[] {
  const labels = domain.split('.');
  const parents = labels.map((_, index) => labels.slice(index).join('.'));
  return parents.length <= MOST_QUERIES ? parents : [domain, ...parents.slice(1 - MOST_QUERIES)];
}

/** The record of the organisational domain among those found, from the longest name up. */
function organisational(found: readonly DmarcRecord[]): DmarcRecord | undefined {
  const last = found.at(-1);
  // A public suffix is nobody's organisation: the name below it is, where it has a record.
  return last?.tags.get('psd') === 'y' ? (found.at(-2) ?? last) : last;
}

function tagsOf(record: string): ReadonlyMap<string, string> {
  return new Map(
    record.split(';').flatMap((part) => {
      const at = part.indexOf('=');
      return at < 0 ? [] : [[part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()] as const];
    }),
  );
}
