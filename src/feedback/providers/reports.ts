/** Makes reports of a provider's events. What came over the wire is cut to what an honest event needs. */
import { createHash } from 'node:crypto';
import type { FeedbackReport, ReportFinding, ReportNames } from '../../domain/feedback.js';
import type { ProviderName } from '../../domain/providers.js';
import type { Reply } from '../../domain/reply.js';
import { textAt, valueAt } from './json.js';
import type { ProviderTools } from './provider.js';

/** An event as its provider tells it. */
export interface ProviderEvent {
  /** What is the same for the same event, however often it comes, and for no other. */
  readonly id: readonly (string | undefined)[];
  readonly at?: Date | undefined;
  readonly recipient?: string | undefined;
  /** With or without angle brackets. */
  readonly messageId?: string | undefined;
  /** The envelope sender of the mail, where the provider keeps ours. */
  readonly envelope?: string | undefined;
  readonly finding: ReportFinding;
}

const LONGEST_ADDRESS = 320;
const LONGEST_MESSAGE_ID = 300;

/** The report of an event. */
export function reportOf(provider: ProviderName, event: ProviderEvent): FeedbackReport {
  const { id, at, finding } = event;
  const hash = createHash('sha256').update(JSON.stringify(id)).digest('base64url');
  return { id: `${provider}:${hash.slice(0, 32)}`, ...(at && { at }), names: namesOf(event), finding };
}

function namesOf({ recipient, messageId, envelope }: ProviderEvent): ReportNames {
  const bareId = messageId?.trim().replace(/^<|>$/g, '');
  return {
    envelopes: envelope !== undefined && envelope.length <= LONGEST_ADDRESS ? [envelope] : [],
    ...(bareId && bareId.length <= LONGEST_MESSAGE_ID && { messageId: bareId }),
    ...(recipient !== undefined && recipient.length <= LONGEST_ADDRESS && { recipient }),
  };
}

/** What is known of a bounce. */
export interface BouncedEvent {
  /** The reply of the receiving server, or words of the provider. */
  readonly text: string;
  /** The basic code, where it is not in the text. */
  readonly code?: unknown;
  /** The enhanced code, where it is not in the text. One that only repeats the class (5.0.0) says nothing. */
  readonly status?: string | undefined;
  /** How the provider classifies it; decides where there is no reply of a server. */
  readonly otherwise: 'hard' | 'soft' | 'policy';
}

/** By the table of replies where the event repeats one that says why, else as the provider says (rule: whose-fault). */
export function bounceFrom(tools: ProviderTools, event: BouncedEvent): ReportFinding {
  const reply = replyOf(tools, event);
  const isReply = reply.code !== undefined || reply.enhanced !== undefined;
  const { bounce, isGuess } = tools.judgeBounce(reply);
  return { kind: 'bounce', bounce: isReply && !isGuess ? bounce : event.otherwise, reply };
}

/** A server still tries, or a provider does. */
export function delayedFrom(tools: ProviderTools, event: Omit<BouncedEvent, 'otherwise'>): ReportFinding {
  return { kind: 'delayed', reply: replyOf(tools, event) };
}

function replyOf(tools: ProviderTools, { text, code, status }: Omit<BouncedEvent, 'otherwise'>): Reply {
  // “smtp; 550 5.1.1 …” is how reports of non-delivery write it (RFC 3464 §2.3.6).
  const read = tools.replyFrom(text.slice(0, 2000).replace(/^\s{0,9}smtp\s{0,9};\s{0,9}/i, ''));
  const given = typeof code === 'number' || typeof code === 'string' ? Number(code) : Number.NaN;
  return {
    ...(Number.isInteger(given) && given >= 400 && given < 600 && { code: given }),
    ...(status !== undefined && /^[45]\.(?!0\.0$)\d{1,3}\.\d{1,3}$/.test(status) && { enhanced: status }),
    ...withoutSuccess(read),
  };
}

/** A bounce is no success, whatever its text begins with. */
function withoutSuccess({ code, enhanced, text }: Reply): Reply {
  return {
    ...(code !== undefined && code >= 400 && code < 600 && { code }),
    ...(enhanced !== undefined && !enhanced.startsWith('2') && { enhanced }),
    text,
  };
}

/** What a header in a list of `{ name, value }` says; names in any letter case. */
export function headerIn(list: readonly unknown[], name: string): string | undefined {
  const found = list.find((each) => textAt(each, 'name')?.toLowerCase() === name.toLowerCase());
  const value = valueAt(found, 'value');
  return typeof value === 'string' ? value : undefined;
}
