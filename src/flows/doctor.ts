/** Looks at everything a send needs, and says of each thing how it is and what to do. It sends nothing and changes nothing. */
import { addressFrom } from '../domain/address.js';
import type { Dns, Host, WebAnswer } from '../domain/ports.js';
import { checkDkim, checkDmarc, checkSpf, type Finding } from '../domain/sender-records.js';
import type { House } from './house.js';

/** What doctor needs besides the house. */
export interface DoctorTools {
  readonly dns: Dns;
  readonly host: Host;
  askWeb(url: string, method: 'GET' | 'POST'): Promise<WebAnswer>;
  readonly publicUrl?: string;
  /** Where reports of non-delivery go, when they have an address of their own. */
  readonly bounceAddress?: string;
  readonly dkim?: { readonly domain: string; readonly selector: string; readonly publicKey: string };
}

export interface DoctorReport {
  /** Nothing failed; warnings may be among the findings. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

export async function runDoctor(house: House, tools: DoctorTools, signal?: AbortSignal): Promise<DoctorReport> {
  const findings = [
    ...(await checkDatabase(house)),
    ...(await checkHost(house, tools)),
    ...(await checkPublicUrl(house, tools)),
    ...(await checkServer(house, signal)),
    ...(await checkSenders(house, tools)),
  ];
  return { ok: findings.every(({ level }) => level !== 'fail'), findings };
}

async function checkDatabase({ store }: House): Promise<readonly Finding[]> {
  const check = 'database';
  const copiedAt = await store.copiedAt();
  if (!copiedAt) return [{ check, level: 'ok', text: 'The database answers.' }];
  const hint = 'When the original sends nothing any more, run `gazette adopt`.';
  return [{ check, level: 'fail', text: `It is a copy, made ${copiedAt.toISOString()}.`, hint }];
}

const LITTLE_ROOM = 500_000_000;

async function checkHost({ stateFolder }: House, { host }: DoctorTools): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const { zoneData } = host;
  findings.push(
    zoneData === undefined
      ? {
          check: 'zones',
          level: 'warn',
          text: 'This Node has no time zone data of its own.',
          hint: 'Use an official build.',
        }
      : { check: 'zones', level: 'ok', text: `Time zone data ${zoneData}` },
  );
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

const MOST_SKEW_MS = 60_000;

async function checkPublicUrl(house: House, { publicUrl, askWeb }: DoctorTools): Promise<readonly Finding[]> {
  const missing = house.missingForSending.map(
    (text): Finding => ({
      check: 'settings',
      level: 'fail',
      text: 'Something a real send needs is not set.',
      hint: text,
    }),
  );
  if (publicUrl === undefined) return missing;
  const check = 'public-url';
  const hint = '`gazette serve` must run, with the proxy of that address in front of it.';
  // No reader has this link: a door that is ours refuses it, and neither redirects nor asks for a password.
  const answer = await askWeb(`${publicUrl}/u/doctor`, 'POST');
  if (answer.kind === 'failed')
    return [...missing, { check, level: 'fail', text: `${publicUrl} does not answer: ${answer.text}`, hint }];
  const isOurs = answer.status < 500 && ![301, 302, 303, 307, 308, 401, 403, 405].includes(answer.status);
  const text = `${publicUrl} answers a one-click unsubscribe with ${answer.status}.`;
  const url: Finding = isOurs ? { check, level: 'ok', text } : { check, level: 'fail', text, hint };
  return [...missing, url, ...checkClock(house, answer.date)];
}

/** The only other clock at hand is the one of the web server, which gives whole seconds. */
function checkClock({ clock }: House, date: Date | undefined): readonly Finding[] {
  if (!date) return [];
  const skewMs = clock.now().getTime() - date.getTime();
  const text = `The clock is ${Math.round(skewMs / 1000)} s from the one of the public address.`;
  const isFar = Math.abs(skewMs) > MOST_SKEW_MS;
  return [{ check: 'clock', level: isFar ? 'warn' : 'ok', text, ...(isFar && { hint: 'Let NTP set it.' }) }];
}

async function checkServer(house: House, signal: AbortSignal | undefined): Promise<readonly Finding[]> {
  const check = 'smtp';
  try {
    const transport = house.transport();
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

async function checkSenders(house: House, { dns, dkim, bounceAddress }: DoctorTools): Promise<readonly Finding[]> {
  const senders = [...house.newsletters.values()].map(({ sender }) => sender.address);
  const domains = new Set(senders.flatMap((address) => addressFrom(address)?.asciiDomain ?? []));
  const findings: Finding[] = [];
  for (const domain of domains) {
    const envelope = (bounceAddress && addressFrom(bounceAddress)?.asciiDomain) || domain;
    findings.push(await answered('spf', () => checkSpf(dns, envelope)));
    findings.push(await answered('dmarc', () => checkDmarc(dns, domain)));
    findings.push(await answered('mx', () => checkMx(dns, envelope)));
  }
  if (dkim) findings.push(await answered('dkim', () => checkDkim(dns, dkim)));
  else {
    const text = 'Gazette does not sign (DKIM); the mail server may.';
    findings.push({
      check: 'dkim',
      level: 'warn',
      text,
      hint: 'Set DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY, or ask its owner.',
    });
  }
  return findings;
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
