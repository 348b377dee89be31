/** Checks everything a send needs, and tells for each what was found and what to do. It sends nothing and changes nothing. */
import type { GazetteError } from '../domain/errors.js';
import type { Dns } from '../domain/ports/host.js';
import type { Transport } from '../domain/ports/mail.js';
import type { Store } from '../domain/ports/storage.js';
import type { Finding } from '../domain/sender-records.js';
import { checkDkim, type DkimCheckDeps } from './doctor-dkim.js';
import { checkFeedback, type FeedbackCheckDeps } from './doctor-feedback.js';
import { checkHost, type HostCheckDeps } from './doctor-host.js';
import { checkPublicUrl, type PublicUrlCheckDeps } from './doctor-public-url.js';
import { checkSenders, type SenderCheckDeps } from './doctor-senders.js';

/** What the checks need, together; each is given the few ports it uses. */
export interface DoctorDeps
  extends Omit<HostCheckDeps, 'outbox'>,
    PublicUrlCheckDeps,
    Omit<SenderCheckDeps, 'checkDkim'>,
    DkimCheckDeps,
    Omit<FeedbackCheckDeps, 'publicUrl' | 'askWeb'> {
  readonly dns: Dns;
  readonly store: Pick<Store, 'copiedAt'>;
  /** Why the database of the workspace cannot be opened; `store` is then an empty one. */
  readonly databaseFault?: GazetteError;
  /** What is missing for a real send, for people. */
  readonly missingForSending: readonly string[];
  /** Throws where no mail server is set. */
  transport(): Pick<Transport, 'description' | 'folder' | 'probe'>;
}

export interface DoctorReport {
  /** No check failed; there may be warnings. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

export async function runDoctor(deps: DoctorDeps, signal?: AbortSignal): Promise<DoctorReport> {
  const findings = [
    await checkDatabase(deps),
    ...(await checkHost({ ...deps, outbox: outboxOf(deps) })),
    ...deps.missingForSending.map(settingMissing),
    ...(await checkPublicUrl(deps)),
    ...(await checkFeedback(deps)),
    await checkServer(deps, signal),
    ...(await checkSenders({ ...deps, checkDkim: (newsletter) => checkDkim(deps, newsletter) })),
  ];
  return { ok: findings.every(({ level }) => level !== 'fail'), findings };
}

async function checkDatabase({ store, databaseFault }: Pick<DoctorDeps, 'store' | 'databaseFault'>): Promise<Finding> {
  const check = 'database';
  if (databaseFault) return { check, level: 'fail', text: databaseFault.message, hint: databaseFault.hint };
  const copiedAt = await store.copiedAt();
  if (!copiedAt) return { check, level: 'ok', text: 'The database answers.' };
  const text = `This database is a copy, made ${copiedAt.toISOString()}: nothing is sent from it.`;
  return { check, level: 'fail', text, hint: 'Once the original sends nothing any more, run `gazette adopt`.' };
}

function settingMissing(hint: string): Finding {
  return { check: 'settings', level: 'fail', text: 'A setting that a real send needs is missing.', hint };
}

function outboxOf({ transport }: Pick<DoctorDeps, 'transport'>): string | undefined {
  try {
    return transport().folder;
  } catch {
    // The check of the mail server reports it.
    return undefined;
  }
}

async function checkServer(
  { transport, newsletters }: Pick<DoctorDeps, 'transport' | 'newsletters'>,
  signal?: AbortSignal,
): Promise<Finding> {
  const check = 'smtp';
  try {
    const server = transport();
    const { description } = server;
    const address = [...newsletters.values()][0]?.sender.address;
    const result = await server.probe?.(address === undefined ? undefined : { address, upTo: 'recipient' }, signal);
    if (!result) return { check, level: 'ok', text: `Mails are sent by ${description}.` };
    if (result.kind === 'failed') {
      const hint =
        result.advice ?? 'Check SMTP_URL, and that the server is running; docs/mail-server.md has the causes.';
      return { check, level: 'fail', text: `${description}: ${result.text}`, hint };
    }
    const offers = result.offers.join(', ') || 'nothing';
    return { check, level: 'ok', text: `${description}: ${result.did.join(', ')}; the server offers ${offers}` };
  } catch (error) {
    return {
      check,
      level: 'fail',
      text: error instanceof Error ? error.message : String(error),
      hint: 'Set SMTP_URL.',
    };
  }
}
