/** Bounces that are only text: whom they name, and why the mail came back. */
import type { JudgeBounce } from '../../domain/feedback.js';
import { addressesIn } from './addresses.js';
import { isAnswerSubject } from './automatic-reply.js';
import { type Fields, fieldIn } from './fields.js';
import { MOST_RECIPIENTS, type ReportFormat, type Said, tellingReply } from './format.js';
import { isFromProgram, isReportSubject, mailSystemOf } from './mail-systems.js';
import { replyInText } from './reply-in-text.js';
import type { ReturnedMessage } from './returned-message.js';

/** Reports of mail systems without a form. */
export const freeText: ReportFormat = {
  name: 'free-text',
  read: (message, judge) => {
    const { headers, text } = message;
    const isNamed = headers.has('x-failed-recipients');
    if (!isNamed && !(isFromProgram(headers) || isReportSubject(headers))) return undefined;
    if (!isNamed && (isPersonal(headers) || isAnswerSubject(headers))) return undefined;
    if (!mailSystemOf(headers, `${fieldIn(headers, 'subject')}\n${text}`)) return undefined;
    return saidIn(message, judge);
  },
};

/** An answer to a mail of ours, not a report on it: programs that answer name what they answer in the subject. */
function isPersonal(headers: Fields): boolean {
  return /^(re|aw|sv|antw|fw|fwd|wg|tr|rv)\s?:/i.test(fieldIn(headers, 'subject').trim());
}

/** It is still being tried. */
const DELAYED =
  /has not (yet )?been delivered|have not (yet )?been delivered|not yet been delivered|will (be (retried|re-?tried|attempted)|keep trying|continue (to (try|attempt)|trying)|try again|retry)|still (being )?(tried|trying)|no action is required|do(es)? not need to (re-?send|do anything)|warning message only|warning: (could not|message)|delivery (is |has been |was )?(delayed|deferred)|being delayed|(temporary|transient) (non-?fatal|problem)|this is (only )?a warning|could not send message for past|delivery incomplete|再送/i;
/** It is over, even where words of the above are quoted. */
const GIVEN_UP =
  /giving up|gave up|will not (be )?(re)?tr|permanent (error|failure|fatal)|no further|returned to sender|retry (timeout|time) (exceeded|not reached)|too long|could not be delivered|too many (retries|attempts)|undeliverable|permanent fatal error|unable to deliver|wasn't delivered|(delivery|recipients?) (has )?failed|has been (removed|returned)|expired/i;

function saidIn(message: ReturnedMessage, judge: JudgeBounce): readonly Said[] {
  const { headers, text } = message;
  const isDelayed = DELAYED.test(`${fieldIn(headers, 'subject')}\n${text}`) && !GIVEN_UP.test(text);
  const mentions = recipientsIn(message);
  const whole = replyInText(text);
  const saids = mentions.map(({ recipient, reason }): Said => {
    const reply = tellingReply(
      [replyInText(reason), { ...whole, text: whole.text }, replyInText(text.slice(0, 500))],
      judge,
    );
    return { kind: isDelayed ? 'delayed' : 'failed', recipient, reply };
  });
  if (saids.length > 0) return saids;
  return [{ kind: isDelayed ? 'delayed' : 'failed', reply: tellingReply([whole], judge) }];
}

interface Mention {
  readonly recipient: string;
  /** The lines that go with it. */
  readonly reason: string;
}

const MOST_REASON_LINES = 12;

/** Lines that name a recipient and nothing else, or begin with it. */
const ALONE =
  /^[ \t>*•|-]{0,12}["'(]?(?:<?mailto:)?<?(?:smtp:)?[^\s<>@:;"']{1,80}@[^\s<>@:;"',)]{1,120}>?(?:[)"':;,.]{0,3}$|>?[ \t]{0,4}[:;]|>?[ \t(,]|\.{3}[ \t]|>)/i;
/** Words before a recipient. */
const BEHIND_WORDS =
  /\b(?:to|for|recipients?|recipient address|address(?:es)?|user|users?|failed|rcpt to|mailbox|account|unknown user|unknown|undeliverable to|delivered to|deliver(?:y|ing)? to|your message to|destination|attempts?)\b[ \t]{0,3}:?[ \t]{0,20}["'(<[]{0,3}[^\s<>@:;"']{1,80}@|(?:宛先|あて先|メールアドレス|受信者|收件人|recipient).{0,6}[:：<＜]/i;

/** Each recipient that the text names, in the order of the surest way that names any. */
function recipientsIn(message: ReturnedMessage): readonly Mention[] {
  const { headers, text, original } = message;
  const lines = text
    .split('\n')
    .map((line) => line.slice(0, 1000))
    .slice(0, 2000);
  const others = notRecipients(message);
  const named = addressesIn((headers.get('x-failed-recipients') ?? []).join(' '), MOST_RECIPIENTS);
  if (named.length > 0) return named.map((recipient) => ({ recipient, reason: reasonFor(recipient, lines) }));
  for (const pattern of [ALONE, BEHIND_WORDS]) {
    const found = mentionsBy(pattern, lines, others);
    if (found.length > 0) return found;
  }
  const returnedTo = addressesIn(fieldIn(original, 'to') || fieldIn(original, 'x-original-to'), 1);
  const anywhere = addressesIn(text, 50).filter(
    (address) => !others.has(address.toLowerCase()) && !isOfProgram(address),
  );
  const fallback = anywhere.length > 0 ? anywhere.slice(0, 1) : returnedTo;
  return fallback.map((recipient) => ({ recipient, reason: text }));
}

/** Who the report is from and to, and who sent the message that came back: nobody of them is its recipient. */
function notRecipients({ headers, original }: ReturnedMessage): ReadonlySet<string> {
  const fields = [
    ...['from', 'to', 'sender', 'return-path', 'delivered-to', 'reply-to'].map((name) => fieldIn(headers, name)),
    ...['from', 'sender', 'return-path', 'reply-to'].map((name) => fieldIn(original, name)),
  ];
  return new Set(fields.flatMap((field) => addressesIn(field)).map((address) => address.toLowerCase()));
}

function isOfProgram(address: string): boolean {
  return /^(mailer-daemon|no-?reply)@/i.test(address);
}

function mentionsBy(pattern: RegExp, lines: readonly string[], others: ReadonlySet<string>): readonly Mention[] {
  const found = new Map<string, Mention>();
  for (const [index, line] of lines.entries()) {
    const match = pattern.exec(line);
    if (!match) continue;
    const [recipient] = addressesIn(line.slice(match.index), 1);
    if (recipient === undefined || others.has(recipient.toLowerCase()) || isOfProgram(recipient)) continue;
    if (found.has(recipient.toLowerCase())) continue;
    found.set(recipient.toLowerCase(), { recipient, reason: reasonFrom(index, lines, pattern) });
    if (found.size >= MOST_RECIPIENTS) break;
  }
  return [...found.values()];
}

function reasonFor(recipient: string, lines: readonly string[]): string {
  const index = lines.findIndex((line) => line.toLowerCase().includes(recipient.toLowerCase()));
  return index === -1 ? lines.join('\n') : reasonFrom(index, lines, ALONE);
}

/** The line of a recipient, and those below it up to the next one. */
function reasonFrom(index: number, lines: readonly string[], next: RegExp): string {
  const reason = [lines[index] ?? ''];
  for (const line of lines.slice(index + 1, index + 1 + MOST_REASON_LINES)) {
    if (next.test(line)) break;
    reason.push(line);
  }
  return reason.join('\n');
}
