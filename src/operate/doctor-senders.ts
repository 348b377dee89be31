/** What doctor checks in DNS for the domain of each sender: SPF, DKIM, DMARC and MX. */
import { addressFrom } from '../domain/address.js';
import { checkDmarc } from '../domain/dmarc.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Clock, Dns } from '../domain/ports/host.js';
import type { MailBuilder } from '../domain/ports/mail.js';
import { checkSpf, dkimFinding, type Finding, type SignatureVerdict } from '../domain/sender-records.js';

export interface SenderCheckDeps {
  readonly newsletters: ReadonlyMap<string, Newsletter>;
  readonly dns: Dns;
  readonly mailBuilder: MailBuilder;
  /** Judges the signatures of a message as its receiver would. */
  verifyDkim(raw: Uint8Array, txt: Dns['txt']): Promise<readonly SignatureVerdict[]>;
  /** The TXT record to publish for the key Gazette signs with; absent where it does not sign. */
  readonly dkimRecord?: string;
  /** The address bounces are returned to, where one is set. */
  readonly bounceAddress?: string;
  readonly clock: Pick<Clock, 'now'>;
  newId(): string;
}

export async function checkSenders(deps: SenderCheckDeps): Promise<readonly Finding[]> {
  const { dns, dkimRecord, bounceAddress } = deps;
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const newsletter of deps.newsletters.values()) {
    const domain = addressFrom(newsletter.sender.address)?.asciiDomain;
    if (domain === undefined || seen.has(domain)) continue;
    seen.add(domain);
    const envelope = (bounceAddress && addressFrom(bounceAddress)?.asciiDomain) || domain;
    const signatures = dkimRecord === undefined ? undefined : await signaturesOf(deps, newsletter);
    const signed = signatures?.flatMap((each) => (each.result === 'pass' ? [each.domain] : []));
    findings.push(await orNoDns('spf', () => checkSpf(dns, envelope)));
    findings.push(...dkimFindings(signatures, dkimRecord));
    findings.push(await orNoDns('dmarc', () => checkDmarc(dns, domain, { signed, envelope })));
    findings.push(await orNoDns('mx', () => checkMx(dns, envelope)));
  }
  return findings;
}

/** Builds and signs a message as a reader gets it, and judges it as its receiver would; `undefined` when DNS does not answer. */
async function signaturesOf(
  { dns, verifyDkim, mailBuilder, clock, newId }: SenderCheckDeps,
  { id: newsletter, title, sender, language }: Newsletter,
): Promise<readonly SignatureVerdict[] | undefined> {
  const uid = newId();
  const mail = { subject: [title], preheader: title, html: [`<p>${uid}</p>`], text: [`${uid}\n`] };
  const issue = { id: 0, uid, newsletter, number: 0, title, sender };
  const edition = { id: 0, key: uid, language, sections: [], mail, issue };
  const subscriber = { id: 0, address: sender.address, name: '' };
  const reader = { subscriber, state: 'active', preferences: undefined, erased: false } as const;
  const delivery = { issue: 0, subscriber: 0, edition: 0, attempt: 1, reader };
  const { content } = await mailBuilder.build(edition, delivery, clock.now());
  try {
    return await verifyDkim(Buffer.concat(content), dns.txt);
  } catch {
    return undefined;
  }
}

function dkimFindings(
  signatures: readonly SignatureVerdict[] | undefined,
  record: string | undefined,
): readonly Finding[] {
  const check = 'dkim';
  if (record === undefined) {
    const text = 'Gazette does not sign mails with DKIM; the mail server may.';
    const hint = 'Set DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY, or ask the operator of the mail server.';
    return [{ check, level: 'warn', text, hint }];
  }
  if (!signatures) return [noDns(check)];
  return signatures.map((each) => dkimFinding(each, record));
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

function noDns(check: string, error?: unknown): Finding {
  const text = `No name server answered${error === undefined ? '.' : `: ${String(error)}`}`;
  return { check, level: 'warn', text, hint: 'Try again when the network is up.' };
}
