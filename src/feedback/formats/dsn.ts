/** Delivery status notifications (RFC 3464, RFC 6533), also where only their fields are left of the form. */
import type { JudgeBounce } from '../../domain/feedback.js';
import type { Reply } from '../../domain/reply.js';
import { addressesIn, addressOf } from './addresses.js';
import { type Fields, fieldGroups, fieldIn } from './fields.js';
import { MOST_RECIPIENTS, type ReportFormat, type Said, tellingReply } from './format.js';
import { replyInText } from './reply-in-text.js';
import type { ReturnedMessage } from './returned-message.js';

/** `message/delivery-status` and what programs write in its place. */
export const dsn: ReportFormat = {
  name: 'dsn',
  read: (message, judge) => {
    const groups = statusTexts(message)
      .flatMap((text) => fieldGroups(text, isNextRecipient))
      .filter(isRecipient)
      .slice(0, MOST_RECIPIENTS);
    if (groups.length === 0) return undefined;
    return groups.map((group) => saidOf(group, message, judge, groups.length === 1));
  },
};

function statusTexts({ parts, text }: ReturnedMessage): readonly string[] {
  const status = parts.filter(({ type }) => /delivery-?status/.test(type)).map((part) => part.text);
  // Some name the part otherwise, or write its fields into the text.
  return status.length > 0 ? status : [...parts.map((part) => part.text), text];
}

/** Some programs write the recipients one below the other. */
function isNextRecipient(name: string, group: Fields): boolean {
  const names = ['original-recipient', 'final-recipient'];
  return names.includes(name) && (group.has(name) || (group.has('action') && names.some((each) => group.has(each))));
}

function isRecipient(group: Fields): boolean {
  const names = group.has('final-recipient') || group.has('original-recipient');
  return names ? group.has('action') || group.has('status') || group.has('diagnostic-code') : isBareStatus(group);
}

function isBareStatus(group: Fields): boolean {
  return group.has('action') && group.has('status');
}

function saidOf(group: Fields, message: ReturnedMessage, judge: JudgeBounce, isOnly: boolean): Said {
  const recipient = recipientOf(group) ?? (isOnly ? recipientBeside(message) : undefined);
  const at = dateIn(fieldIn(group, 'last-attempt-date') || fieldIn(message.headers, 'date'));
  const about = { ...(recipient !== undefined && { recipient }), ...(at && { at }) };
  const action = /^[a-z]+/.exec(fieldIn(group, 'action').toLowerCase())?.[0] ?? '';
  const status = /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(fieldIn(group, 'status'))?.[1];
  if (SUCCESS.includes(action)) return { kind: 'delivered', ...about };
  if (status?.startsWith('2.') && !action.startsWith('fail')) return { kind: 'delivered', ...about };
  const isDelayed = action === 'delayed' || (action === '' && status?.startsWith('4.') === true);
  const reply = replyOf(group, status, message.text, judge);
  return { kind: isDelayed ? 'delayed' : 'failed', ...about, reply };
}

const SUCCESS = ['delivered', 'relayed', 'expanded'];

function recipientOf(group: Fields): string | undefined {
  for (const name of ['original-recipient', 'final-recipient', 'x-actual-recipient']) {
    const address = addressOf(fieldIn(group, name));
    if (address !== undefined) return address;
  }
  return addressesIn(fieldIn(group, 'diagnostic-code'), 1)[0];
}

/** Where the fields name nobody: who the returned message was to. */
function recipientBeside({ headers, original }: ReturnedMessage): string | undefined {
  const failed = fieldIn(headers, 'x-failed-recipients') || fieldIn(original, 'to');
  return addressesIn(failed, 1)[0];
}

/**
 * Servers derive `Status` from the basic code, and some write the same for everything; so the diagnosis counts, and the status only
 * where that says nothing.
 */
function replyOf(group: Fields, status: string | undefined, text: string, judge: JudgeBounce): Reply {
  const diagnoses = (group.get('diagnostic-code') ?? []).map((value) => value.replace(/^[\w.-]{1,30}[ \t]{0,8};/, ''));
  const quoted = diagnoses.filter((value) => value.trim() !== '').map((value) => withoutGeneric(replyInText(value)));
  const words = withoutGeneric(replyInText(text.slice(0, MOST_WORDS)));
  const candidates = [...quoted, ...quoted.map((reply) => withStatus(reply, status))];
  const beside = status === undefined || isGeneric(status) ? words : { enhanced: status, text: words.text };
  return tellingReply([...candidates, beside, words], judge);
}

/** A reply in the text stands among its first lines. */
const MOST_WORDS = 2000;

function withStatus(reply: Reply, status: string | undefined): Reply {
  const isKnown = status === undefined || isGeneric(status) || reply.enhanced !== undefined;
  return isKnown ? reply : { ...reply, enhanced: status };
}

function withoutGeneric({ enhanced, ...reply }: Reply): Reply {
  return enhanced === undefined || isGeneric(enhanced) ? reply : { ...reply, enhanced };
}

/** `5.0.0` says no more than “no”. */
function isGeneric(status: string): boolean {
  return /^\d\.0\.0$/.test(status);
}

function dateIn(value: string): Date | undefined {
  const at = new Date(value);
  return value === '' || Number.isNaN(at.getTime()) ? undefined : at;
}
