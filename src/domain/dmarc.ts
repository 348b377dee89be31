/** DMARC (RFC 9989): which record holds for an author's domain, found by the tree walk, and what is aligned with it. */
import type { Dns } from './ports/host.js';
import type { Finding } from './sender-records.js';

/** RFC 9989 §4.10: at most so many queries for one domain. */
const MOST_QUERIES = 8;

interface DmarcRecord {
  readonly domain: string;
  readonly tags: ReadonlyMap<string, string>;
}

/** The domains that authenticate a message. */
export interface Identifiers {
  /** The domains whose signatures pass; `undefined` where others may sign. */
  readonly signed: readonly string[] | undefined;
  /** The domain of the envelope sender, which SPF speaks for. */
  readonly envelope: string;
}

/** The DMARC record that holds for an author's domain, and whether a message from it would pass. */
export async function checkDmarc(dns: Dns, domain: string, by: Identifiers): Promise<Finding> {
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
  const aligned = (other: string, mode: string) => isAligned(dns, domain, other, holds.tags.get(mode) === 's');
  const isSpf = await aligned(by.envelope, 'aspf');
  const signed = await Promise.all((by.signed ?? []).map((each) => aligned(each, 'adkim')));
  const isDkim = by.signed === undefined ? undefined : signed.includes(true);
  return { check, ...alignment(text, isSpf, isDkim, domain) };
}

/** @param isDkim `undefined` when it is not known who signs */
function alignment(text: string, isSpf: boolean, isDkim: boolean | undefined, domain: string): Omit<Finding, 'check'> {
  const sign = `Sign for ${domain}: DKIM_DOMAIN=${domain}.`;
  const envelope = `Let bounces come to an address at ${domain}.`;
  if (isSpf && isDkim) return { level: 'ok', text: `${text}; SPF and DKIM are aligned with it.` };
  if (isDkim) return { level: 'ok', text: `${text}; DKIM is aligned with it, SPF is not.`, hint: envelope };
  if (isSpf && isDkim === undefined) return { level: 'ok', text: `${text}; SPF is aligned with it.` };
  if (isSpf) return { level: 'warn', text: `${text}; SPF is aligned with it, DKIM is not.`, hint: sign };
  if (isDkim === undefined) return { level: 'warn', text: `${text}; SPF is not aligned with it.`, hint: envelope };
  return { level: 'fail', text: `${text}; neither SPF nor DKIM is aligned with it, so no message passes.`, hint: sign };
}

/** RFC 9989 §4.10: the same domain, or unless strictness is asked for, the same organisation. */
async function isAligned(dns: Dns, domain: string, other: string, isStrict: boolean): Promise<boolean> {
  if (domain === other) return true;
  if (isStrict) return false;
  return (await organisationOf(dns, domain)) === (await organisationOf(dns, other));
}

async function organisationOf(dns: Dns, domain: string): Promise<string> {
  const last = (await walkTree(dns, domain)).at(-1);
  if (!last) return domain;
  if (last.tags.get('psd') !== 'y' || last.domain === domain) return last.domain;
  // The name one label below the public suffix, whether it has a record or not.
  const below = domain
    .slice(0, -last.domain.length - 1)
    .split('.')
    .at(-1);
  return `${below}.${last.domain}`;
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

/** The domain, then its parents; of a long name the labels in the middle are skipped (RFC 9989 §4.10). */
function treeOf(domain: string): readonly string[] {
  const labels = domain.split('.');
  const parents = labels.map((_, index) => labels.slice(index).join('.'));
  return parents.length <= MOST_QUERIES ? parents : [domain, ...parents.slice(1 - MOST_QUERIES)];
}

/** The record of the organisational domain among those found, from the longest name up. */
function organisational(found: readonly DmarcRecord[]): DmarcRecord | undefined {
  const last = found.at(-1);
  // A public suffix is not an organisation: the name below it is, if it has a record.
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
