/**
 * The formats of what comes back, in the order in which they are tried: structure first, because bounces of Postfix and others are
 * marked as automatic replies too.
 */
import { createHash } from 'node:crypto';
import type { FeedbackReport, JudgeBounce, ReportFinding, ReportNames } from '../../domain/feedback.js';
import { addressesIn } from './addresses.js';
import { arf } from './arf.js';
import { automaticReply } from './automatic-reply.js';
import { dsn } from './dsn.js';
import { fieldIn } from './fields.js';
import type { ReportFormat, Said } from './format.js';
import { freeText } from './free-text.js';
import { type ReturnedMessage, readReturnedMessage } from './returned-message.js';
import { unsubscribeMail } from './unsubscribe-mail.js';

/** A new format is a file and a line here. */
export const FORMATS: readonly ReportFormat[] = [arf, dsn, freeText, automaticReply, unsubscribeMail];

export interface ReadReportsOptions {
  readonly judge: JudgeBounce;
  /** Whom the envelope named. */
  readonly recipients?: readonly string[];
}

/** Reports inside reports are read to this depth. */
const DEEPEST = 3;

/** What a mail reports, at least one report. Never rejects, whatever the bytes are. */
export async function readReports(raw: Uint8Array, options: ReadReportsOptions): Promise<readonly FeedbackReport[]> {
  const message = await readReturnedMessage(raw);
  const { message: telling, said } = await saidBy(message, options.judge, DEEPEST);
  const key = fieldIn(message.headers, 'message-id') || createHash('sha256').update(raw).digest('hex');
  const at = dateOf(message);
  return said.map((each, index): FeedbackReport => {
    const names = namesFrom(telling, message, each, options.recipients ?? []);
    const happened = ('at' in each ? each.at : undefined) ?? at;
    return {
      id: `mail:${key}:${names.recipient ?? index}`.slice(0, 400),
      ...(happened && { at: happened }),
      names,
      finding: findingOf(each, options.judge),
    };
  });
}

interface Telling {
  readonly message: ReturnedMessage;
  readonly said: readonly Said[];
}

async function saidBy(message: ReturnedMessage, judge: JudgeBounce, depth: number): Promise<Telling> {
  for (const format of FORMATS) {
    const said = format.read(message, judge);
    if (said !== undefined && said.length > 0) return { message, said };
  }
  // A report that somebody forwarded; what any other mail quotes means nothing.
  for (const raw of depth > 0 ? message.nested.slice(0, 3) : []) {
    const inner = await saidBy(await readReturnedMessage(raw), judge, depth - 1);
    if (inner.said.some(({ kind }) => REPORTS.includes(kind))) return inner;
  }
  return { message, said: [{ kind: 'other' }] };
}

const REPORTS: readonly Said['kind'][] = ['failed', 'delayed', 'delivered', 'complaint'];

function findingOf(said: Said, judge: JudgeBounce): ReportFinding {
  if (said.kind === 'failed') return { kind: 'bounce', bounce: judge(said.reply).bounce, reply: said.reply };
  if (said.kind === 'delayed') return { kind: 'delayed', reply: said.reply };
  return { kind: said.kind };
}

const ENVELOPE_FIELDS = [
  'to',
  'delivered-to',
  'x-original-to',
  'envelope-to',
  'x-envelope-to',
  'x-delivered-to',
  'x-rcpt-to',
  'apparently-to',
];
const RETURN_FIELDS = ['return-path', 'x-envelope-from', 'envelope-from', 'x-sender', 'sender', 'errors-to'];

function namesFrom(
  telling: ReturnedMessage,
  outer: ReturnedMessage,
  said: Said,
  recipients: readonly string[],
): ReportNames {
  const { original } = telling;
  const envelopes = new Set([
    ...recipients,
    ...ENVELOPE_FIELDS.flatMap((name) => addressesIn((outer.headers.get(name) ?? []).join(' '), 10)),
    ...RETURN_FIELDS.flatMap((name) => addressesIn((original.get(name) ?? []).join(' '), 5)),
    ...telling.parts.flatMap(({ text }) => envelopesIn(text)),
  ]);
  const messageId = /<([^<>\s]{1,300})>/.exec(fieldIn(original, 'message-id'))?.[1];
  const feedbackId = fieldIn(original, 'feedback-id').slice(0, 200);
  const links = linksIn(fieldIn(original, 'list-unsubscribe'));
  const recipient =
    said.recipient ?? (said.kind === 'complaint' ? addressesIn(fieldIn(original, 'to'), 1)[0] : undefined);
  return {
    envelopes: [...envelopes].slice(0, 30),
    ...(messageId !== undefined && { messageId }),
    ...(feedbackId !== '' && { feedbackId }),
    ...(links.length > 0 && { links }),
    ...(recipient !== undefined && { recipient }),
  };
}

/** The sender that a report on abuse or a status of Postfix names. */
function envelopesIn(text: string): readonly string[] {
  const named = /^(?:original-mail-from|x-postfix-sender|x-original-mail-from):(.{1,300})$/im.exec(
    text.slice(0, 20_000),
  );
  return named ? addressesIn(named[1] ?? '', 2) : [];
}

/** The URLs between angle brackets; a mail address without what follows it. */
function linksIn(field: string): readonly string[] {
  const urls = field.split(/[<>]/, 20).filter((part) => /^(https?|mailto):\S/i.test(part));
  return urls.map((url) => (url.startsWith('mailto:') ? (url.split('?')[0] ?? '') : url).slice(0, 1000)).slice(0, 4);
}

function dateOf({ headers }: ReturnedMessage): Date | undefined {
  const at = new Date(fieldIn(headers, 'date'));
  return Number.isNaN(at.getTime()) ? undefined : at;
}
