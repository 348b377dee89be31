/** What doctor checks of the DKIM signature: that a receiver of a mail of ours would accept it. */
import type { Newsletter } from '../domain/newsletter.js';
import type { Dns } from '../domain/ports/host.js';
import type { MailBuilder } from '../domain/ports/mail.js';
import { dkimFinding, type Finding, type SignatureVerdict } from '../domain/sender-records.js';
import { noDns } from './doctor-dns.js';

export interface DkimCheckDeps {
  readonly dns: Pick<Dns, 'txt'>;
  readonly mailBuilder: MailBuilder;
  /** Judges the signatures of a message as its receiver would. */
  verifyDkim(raw: Uint8Array, txt: Dns['txt']): Promise<readonly SignatureVerdict[]>;
  /** The TXT record to publish for the key Gazette signs with; absent where it does not sign. */
  readonly dkimRecord?: string;
  readonly now: Date;
  newId(): string;
}

export interface DkimCheck {
  readonly findings: readonly Finding[];
  /** The domains whose signatures are valid; absent where nothing is signed, or DNS does not answer. */
  readonly signed: readonly string[] | undefined;
}

export async function checkDkim(deps: DkimCheckDeps, newsletter: Newsletter): Promise<DkimCheck> {
  const { dkimRecord } = deps;
  const signatures = dkimRecord === undefined ? undefined : await signaturesOf(deps, newsletter);
  const signed = signatures?.flatMap((each) => (each.result === 'pass' ? [each.domain] : []));
  return { findings: dkimFindings(signatures, dkimRecord), signed };
}

/** Builds and signs a message as a reader gets it, and judges it as its receiver would; `undefined` when DNS does not answer. */
async function signaturesOf(
  { dns, verifyDkim, mailBuilder, now, newId }: DkimCheckDeps,
  { id: newsletter, title, sender, language }: Newsletter,
): Promise<readonly SignatureVerdict[] | undefined> {
  const uid = newId();
  const mail = { subject: [title], preheader: title, html: [`<p>${uid}</p>`], text: [`${uid}\n`] };
  const issue = { id: 0, uid, newsletter, number: 0, title, sender };
  const edition = { id: 0, key: uid, language, sections: [], mail, issue };
  const subscriber = { id: 0, address: sender.address, name: '' };
  const reader = { subscriber, state: 'active', preferences: undefined, erased: false } as const;
  const delivery = { issue: 0, subscriber: 0, edition: 0, attempt: 1, reader };
  const { content } = await mailBuilder.build(edition, delivery, now);
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
