/** What doctor checks in DNS for the domain of each sender: SPF, DKIM, DMARC and MX. */
import { addressFrom } from '../domain/address.js';
import { checkDmarc } from '../domain/dmarc.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Dns } from '../domain/ports/host.js';
import { checkSpf, type Finding } from '../domain/sender-records.js';
import type { DkimCheck } from './doctor-dkim.js';
import { noDns } from './doctor-dns.js';

export interface SenderCheckDeps {
  readonly newsletters: ReadonlyMap<string, Newsletter>;
  readonly dns: Dns;
  /** The address bounces are returned to, where one is set. */
  readonly bounceAddress?: string;
  checkDkim(newsletter: Newsletter): Promise<DkimCheck>;
}

export async function checkSenders(deps: SenderCheckDeps): Promise<readonly Finding[]> {
  const { dns, bounceAddress } = deps;
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const newsletter of deps.newsletters.values()) {
    const domain = addressFrom(newsletter.sender.address)?.asciiDomain;
    if (domain === undefined || seen.has(domain)) continue;
    seen.add(domain);
    const envelope = (bounceAddress && addressFrom(bounceAddress)?.asciiDomain) || domain;
    const dkim = await deps.checkDkim(newsletter);
    findings.push(await orNoDns('spf', () => checkSpf(dns, envelope)));
    findings.push(...dkim.findings);
    findings.push(await orNoDns('dmarc', () => checkDmarc(dns, domain, { signed: dkim.signed, envelope })));
    findings.push(await orNoDns('mx', () => checkMx(dns, envelope)));
  }
  return findings;
}

async function checkMx(dns: Dns, domain: string): Promise<Finding> {
  const [server] = await dns.mx(domain);
  if (server !== undefined) return { check: 'mx', level: 'ok', text: `Replies to ${domain} go to ${server}.` };
  const hint = 'Publish an MX record for it, or use a sender whose domain has one.';
  return { check: 'mx', level: 'warn', text: `${domain} accepts no mail, so bounces and replies are lost.`, hint };
}

async function orNoDns(check: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    return noDns(check, error);
  }
}
