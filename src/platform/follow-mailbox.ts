/**
 * Follows a mailbox by IMAP: reads every mail in a folder and moves it to another one when what it says is committed. It deletes
 * nothing, and a mail that could not be taken stays where it is.
 */
import type { ImapFlow } from 'imapflow';
import { GazetteError } from '../domain/errors.js';
import type { MailboxSettings, ReturnedMails } from '../domain/ports/feedback.js';
import type { Clock, Log } from '../domain/ports/host.js';

export interface FollowDeps {
  readonly mailbox: MailboxSettings;
  readonly mails: ReturnedMails;
  readonly clock: Clock;
  readonly log: Log;
}

const DONE = ['Gazette', 'Done'];
const UNKNOWN = ['Gazette', 'Unknown'];
/** Of a longer mail the rest is not read. */
const MOST_BYTES = 5 * 1024 * 1024;
const MOST_AT_ONCE = 100;
/** Servers end a connection that is idle for half an hour (RFC 2177). */
const IDLE_MS = 9 * 60_000;
/** Looked at even where the server says nothing. */
const LOOK_EVERY_MS = 10 * 60_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 5 * 60_000;

/** Follows the mailbox until the signal is aborted; connects again after every failure, at growing intervals. */
export async function followMailbox(deps: FollowDeps, signal: AbortSignal): Promise<void> {
  const { clock, log, mailbox } = deps;
  let waitMs = FIRST_WAIT_MS;
  while (!signal.aborted) {
    try {
      await oneConnection(deps, signal, () => {
        waitMs = FIRST_WAIT_MS;
      });
    } catch (error) {
      if (signal.aborted) return;
      log.warn('feedback.mailbox-failed', { host: mailbox.host, reason: reasonOf(error), againInMs: waitMs });
    }
    await clock.sleep(waitMs, signal);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
  }
}

/** Signs in and out, and says why that does not work. */
export async function probeMailbox(mailbox: MailboxSettings): Promise<string | undefined> {
  const client = await openClient(mailbox);
  try {
    await client.connect();
    await client.mailboxOpen(mailbox.folder, { readOnly: true });
    return movable(client) ? undefined : CANNOT_MOVE;
  } catch (error) {
    return reasonOf(error);
  } finally {
    client.close();
  }
}

const CANNOT_MOVE = 'the server can neither MOVE nor delete single mails (UIDPLUS)';

async function openClient({ host, port, secure, user, password }: MailboxSettings): Promise<ImapFlow> {
  const { ImapFlow } = await import('imapflow');
  const isLocal = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(host);
  const client = new ImapFlow({
    ...{ host, port, secure, auth: { user, pass: password }, logger: false, maxIdleTime: IDLE_MS },
    ...(!secure && !isLocal && { doSTARTTLS: true }),
  });
  // An error without a listener would end the process; every call rejects as well.
  client.on('error', () => undefined);
  return client;
}

async function oneConnection(deps: FollowDeps, signal: AbortSignal, onRead: () => void): Promise<void> {
  const { mailbox, clock, log } = deps;
  const client = await openClient(mailbox);
  const closed = new AbortController();
  client.on('close', () => closed.abort());
  const close = () => client.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    await client.connect();
    if (!movable(client)) throw new GazetteError('env.invalid', `The mailbox cannot be followed: ${CANNOT_MOVE}.`);
    for (const folder of [DONE, UNKNOWN]) await client.mailboxCreate(folder);
    await client.mailboxOpen(mailbox.folder);
    log.info('feedback.mailbox-opened', { host: mailbox.host, folder: mailbox.folder });
    const ended = AbortSignal.any([signal, closed.signal]);
    let arrived = new AbortController();
    client.on('exists', () => arrived.abort());
    while (!ended.aborted) {
      // Set before reading: what arrives meanwhile is read as well.
      arrived = new AbortController();
      await readAll(client, deps, ended);
      onRead();
      await clock.sleep(LOOK_EVERY_MS, AbortSignal.any([ended, arrived.signal]));
    }
    if (!signal.aborted) throw new Error('the server has closed the connection');
  } finally {
    signal.removeEventListener('abort', close);
    await client.logout().catch(() => undefined);
    client.close();
  }
}

/** Without either, a mail can only be moved by deleting whatever else is marked as deleted. */
function movable({ capabilities }: ImapFlow): boolean {
  return capabilities.has('MOVE') || capabilities.has('UIDPLUS');
}

/** Reads until no mail is left that could be taken. */
async function readAll(client: ImapFlow, deps: FollowDeps, ended: AbortSignal): Promise<void> {
  let after = 0;
  for (;;) {
    const uids = ((await client.search({ uid: `${after + 1}:*` }, { uid: true })) || []).filter((uid) => uid > after);
    // “n:*” names the last mail even where its number is smaller.
    const batch = uids.sort((a, b) => a - b).slice(0, MOST_AT_ONCE);
    for (const uid of batch) {
      if (ended.aborted) return;
      await readOne(client, deps, uid);
      after = uid;
    }
    if (batch.length === 0) return;
  }
}

async function readOne(client: ImapFlow, { mails, log }: FollowDeps, uid: number): Promise<void> {
  const found = await client.fetchOne(`${uid}`, { source: { maxLength: MOST_BYTES } }, { uid: true });
  // Another program has moved it meanwhile.
  if (!found || found.source === undefined) return;
  try {
    const end = await mails.take({ raw: found.source, recipients: [] });
    await client.messageMove(`${uid}`, end === 'tied' ? DONE : UNKNOWN, { uid: true });
  } catch (error) {
    if (!client.usable) throw error;
    log.error('feedback.mail-not-taken', { error });
  }
}

function reasonOf(error: unknown): string {
  const { responseText, message } = error as { readonly responseText?: string; readonly message?: string };
  return responseText ?? message ?? String(error);
}
