/** Looks at everything a send needs, and says of each thing how it is and what to do. It sends nothing and changes nothing. */

import type { AppContext } from '../app-context.js';
import { addressFrom } from '../domain/address.js';
import { checkDmarc } from '../domain/dmarc.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Dns, Host, WebAnswer } from '../domain/ports/host.js';
import { checkSpf, dkimFinding, type Finding, type SignatureVerdict } from '../domain/sender-records.js';

/** What doctor needs besides the house. */
export interface DoctorTools {
  readonly dns: Dns;
  readonly host: Host;
  /** Files and folders, absolute, that no other user of this host should be able to read; folders before what is in them. */
  readonly privatePaths: readonly string[];
  /** By POST with this form. */
  askWeb(url: string, form: { readonly [name: string]: string }): Promise<WebAnswer>;
  readonly publicUrl?: string;
  /** Where reports of non-delivery go, when they have an address of their own. */
  readonly bounceAddress?: string;
  /** The signatures of a message as its receiver would judge them. */
  verifyDkim(raw: Uint8Array, txt: Dns['txt']): Promise<readonly SignatureVerdict[]>;
  /** The text that should be published for the key Gazette signs with; absent where it does not sign. */
  readonly dkimRecord?: string;
}

export interface DoctorReport {
  /** Nothing failed; warnings may be among the findings. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

export async function runDoctor(deps: AppContext, tools: DoctorTools, signal?: AbortSignal): Promise<DoctorReport> {
  const findings = [
    ...(await checkDatabase(deps)),
    ...(await checkHost(deps, tools)),
    ...(await checkPermissions(deps, tools)),
    ...(await checkPublicUrl(deps, tools)),
    ...(await checkServer(deps, signal)),
    ...(await checkSenders(deps, tools)),
  ];
  return { ok: findings.every(({ level }) => level !== 'fail'), findings };
}

async function checkDatabase({ store }: AppContext): Promise<readonly Finding[]> {
  const check = 'database';
  const copiedAt = await store.copiedAt();
  if (!copiedAt) return [{ check, level: 'ok', text: 'The database answers.' }];
  const hint = 'When the original sends nothing any more, run `gazette adopt`.';
  return [{ check, level: 'fail', text: `It is a copy, made ${copiedAt.toISOString()}.`, hint }];
}

const LITTLE_ROOM = 500_000_000;

async function checkHost({ stateFolder, clock }: AppContext, { host }: DoctorTools): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  findings.push(zoneFinding(host.zoneData, clock.now()));
  try {
    const free = await host.freeBytes(stateFolder);
    const text = `${Math.round(free / 1e6).toLocaleString('en')} MB free on the disk of ${stateFolder}`;
    const isLittle = free < LITTLE_ROOM;
    findings.push({ check: 'disk', level: isLittle ? 'warn' : 'ok', text, ...(isLittle && { hint: 'Make room.' }) });
  } catch (error) {
    findings.push({ check: 'disk', level: 'warn', text: String(error), hint: 'Is the folder there?' });
  }
  return findings;
}

/** Says of each private path who else can reach it. What lies in a folder that is closed to them is closed as well. */
async function checkPermissions(deps: AppContext, { host, privatePaths }: DoctorTools): Promise<readonly Finding[]> {
  const check = 'permissions';
  const findings: Finding[] = [];
  const closed: string[] = [];
  const outbox = outboxOf(deps);
  for (const path of [...privatePaths, ...(outbox === undefined ? [] : [outbox])]) {
    const mode = await host.mode(path);
    if (mode === undefined || closed.some((folder) => path.startsWith(`${folder}/`))) continue;
    if ((mode & 0o077) === 0) {
      closed.push(path);
      continue;
    }
    const who = (mode & 0o007) === 0 ? 'the users of its group' : 'every user of this host';
    const octal = mode.toString(8).padStart(4, '0');
    const text = `${path} is open to ${who} (mode ${octal}).`;
    const hint = `Run: chmod go-rwx ${shellWord(path)}`;
    findings.push({ check, level: (mode & 0o007) === 0 ? 'warn' : 'fail', text, hint });
  }
  const text = 'Secrets, database and mails are closed to other users of this host.';
  return closed.length > 0 && findings.length === 0 ? [{ check, level: 'ok', text }] : findings;
}

function outboxOf(deps: AppContext): string | undefined {
  try {
    return deps.transport().folder;
  } catch {
    // Said by the check of the server.
    return undefined;
  }
}

/** A path as a shell takes it for one word. */
function shellWord(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** Governments change their clocks at short notice: data of this age may be wrong about somebody's next hour. */
const OLD_ZONE_YEARS = 2;

function zoneFinding(zoneData: string | undefined, now: Date): Finding {
  const check = 'zones';
  if (zoneData === undefined) {
    const text = 'This Node has no time zone data of its own.';
    return { check, level: 'warn', text, hint: 'Use an official build.' };
  }
  const age = now.getUTCFullYear() - Number.parseInt(zoneData, 10);
  if (age < OLD_ZONE_YEARS) return { check, level: 'ok', text: `Time zone data ${zoneData}` };
  const hint = 'Update Node: schedules in zones whose rules have changed since fall on the wrong hour.';
  return { check, level: 'warn', text: `The time zone data is old: ${zoneData}.`, hint };
}

const MOST_SKEW_MS = 60_000;

async function checkPublicUrl(deps: AppContext, { publicUrl, askWeb }: DoctorTools): Promise<readonly Finding[]> {
  const missing = deps.missingForSending.map(
    (text): Finding => ({
      check: 'settings',
      level: 'fail',
      text: 'Something a real send needs is not set.',
      hint: text,
    }),
  );
  if (publicUrl === undefined) return missing;
  const check = 'public-url';
  const hint = '`gazette serve` must run with this GAZETTE_SECRET, and the proxy of that address in front of it.';
  const [newsletter] = deps.newsletters.values();
  const links = deps.publicSite?.links;
  if (!newsletter || !links) return missing;
  // Reader 0 is nobody: a door of ours takes the click and ends nothing. One that takes a forged click is not ours.
  const url = links.oneClickUrl(newsletter.id, 0);
  const answer = await askWeb(url, ONE_CLICK);
  if (answer.kind === 'failed')
    return [...missing, { check, level: 'fail', text: `${publicUrl} does not answer: ${answer.text}`, hint }];
  const forged = await askWeb(`${url}x`, ONE_CLICK);
  const isForgedTaken = forged.kind === 'answered' && forged.status < 300;
  const text = `${publicUrl} answers a one-click unsubscribe with ${answer.status}${isForgedTaken ? ', and a forged one too' : ''}.`;
  const isOurs = answer.status === 200 && !isForgedTaken;
  const finding: Finding = isOurs ? { check, level: 'ok', text } : { check, level: 'fail', text, hint };
  return [...missing, finding, ...checkClock(deps, answer.date)];
}

/** RFC 8058 §3.1 */
const ONE_CLICK = { 'List-Unsubscribe': 'One-Click' };

/** The only other clock at hand is the one of the web server, which gives whole seconds. */
function checkClock({ clock }: AppContext, date: Date | undefined): readonly Finding[] {
  if (!date) return [];
  const skewMs = clock.now().getTime() - date.getTime();
  const text = `The clock is ${Math.round(skewMs / 1000)} s from the one of the public address.`;
  const isFar = Math.abs(skewMs) > MOST_SKEW_MS;
  return [{ check: 'clock', level: isFar ? 'warn' : 'ok', text, ...(isFar && { hint: 'Let NTP set it.' }) }];
}

async function checkServer(deps: AppContext, signal: AbortSignal | undefined): Promise<readonly Finding[]> {
  const check = 'smtp';
  try {
    const transport = deps.transport();
    const probe = await transport.probe?.(signal);
    if (!probe) return [{ check, level: 'ok', text: `Mails leave by ${transport.description}.` }];
    if (probe.kind === 'failed') {
      const text = `${transport.description}: ${probe.text}`;
      return [{ check, level: 'fail', text, hint: 'Check SMTP_URL, and that the server is up.' }];
    }
    return [
      {
        check,
        level: 'ok',
        text: `${transport.description}: logged in; it offers ${probe.offers.join(', ') || 'nothing'}`,
      },
    ];
  } catch (error) {
    return [
      { check, level: 'fail', text: error instanceof Error ? error.message : String(error), hint: 'Set SMTP_URL.' },
    ];
  }
}

async function checkSenders(deps: AppContext, tools: DoctorTools): Promise<readonly Finding[]> {
  const { dns, dkimRecord, bounceAddress } = tools;
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const newsletter of deps.newsletters.values()) {
    const domain = addressFrom(newsletter.sender.address)?.asciiDomain;
    if (domain === undefined || seen.has(domain)) continue;
    seen.add(domain);
    const envelope = (bounceAddress && addressFrom(bounceAddress)?.asciiDomain) || domain;
    const signatures = dkimRecord === undefined ? undefined : await signaturesOf(deps, newsletter, tools);
    const signed = signatures?.flatMap((each) => (each.result === 'pass' ? [each.domain] : []));
    findings.push(await answered('spf', () => checkSpf(dns, envelope)));
    findings.push(...dkimFindings(signatures, dkimRecord));
    findings.push(await answered('dmarc', () => checkDmarc(dns, domain, { signed, envelope })));
    findings.push(await answered('mx', () => checkMx(dns, envelope)));
  }
  return findings;
}

/** A message as a reader gets it is made and signed, and read again as its receiver would. */
async function signaturesOf(
  deps: AppContext,
  { id: newsletter, title, sender, language }: Newsletter,
  { dns, verifyDkim }: DoctorTools,
): Promise<readonly SignatureVerdict[] | undefined> {
  const at = deps.clock.now();
  const uid = deps.newId();
  const mail = { subject: [title], preheader: title, html: [`<p>${uid}</p>`], text: [`${uid}\n`] };
  const issue = { id: 0, uid, newsletter, number: 0, title, sender };
  const edition = { id: 0, key: uid, language, sections: [], mail, issue };
  const subscriber = { id: 0, address: sender.address, name: '' };
  const reader = { subscriber, state: 'active', wishes: undefined, erased: false } as const;
  const delivery = { issue: 0, subscriber: 0, edition: 0, attempt: 1, reader };
  const { content } = await deps.messages.build(edition, delivery, at);
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
    const hint = 'Set DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY, or ask its owner.';
    return [{ check, level: 'warn', text: 'Gazette does not sign (DKIM); the mail server may.', hint }];
  }
  if (!signatures)
    return [{ check, level: 'warn', text: 'No name server answered.', hint: 'Try again with a network.' }];
  return signatures.map((each) => dkimFinding(each, record));
}

async function checkMx(dns: Dns, domain: string): Promise<Finding> {
  const [server] = await dns.mx(domain);
  if (server !== undefined) return { check: 'mx', level: 'ok', text: `Replies to ${domain} go to ${server}.` };
  const hint = 'Name a mail server for it, or use a sender whose domain has one.';
  return { check: 'mx', level: 'warn', text: `${domain} takes no mail, so bounces and replies are lost.`, hint };
}

async function answered(check: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    return {
      check,
      level: 'warn',
      text: `No name server answered: ${String(error)}`,
      hint: 'Try again with a network.',
    };
  }
}
