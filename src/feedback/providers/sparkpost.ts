/** SparkPost: signs nothing; sends a user and a password, or a bearer token. Up to 10,000 events a call. */
import type { ReportFinding } from '../../domain/feedback.js';
import { dateAt, jsonFrom, textAt, valueAt } from './json.js';
import { credentialsOf, hasPassword, isOneOf } from './proof.js';
import { FORGED, type Provider, type ProviderTools, type ReadHeader, UNREADABLE } from './provider.js';
import { bounceFrom, delayedFrom, reportOf } from './reports.js';

export const sparkpost: Provider = {
  name: 'sparkpost',
  mostBytes: 32 * 1024 * 1024,
  open(proofs, tools) {
    const isTheirs = (header: ReadHeader) =>
      hasPassword(header, proofs) || isOneOf(proofs, credentialsOf(header, 'bearer'));
    return {
      admits: isTheirs,
      read({ header, body }) {
        if (!isTheirs(header)) return FORGED;
        const events = jsonFrom(body);
        if (!Array.isArray(events)) return UNREADABLE;
        return { kind: 'read', reports: events.flatMap((event) => reportsOf(event, tools)) };
      },
    };
  },
};

function reportsOf(given: unknown, tools: ProviderTools) {
  const event = valueAt(given, 'msys', 'message_event') ?? valueAt(given, 'msys', 'unsubscribe_event');
  const finding = findingOf(event, tools);
  const id = textAt(event, 'event_id');
  if (!finding || id === undefined) return [];
  return [
    reportOf('sparkpost', {
      ...{ id: [id], at: dateAt(event, 'timestamp'), finding },
      recipient: textAt(event, 'raw_rcpt_to') ?? textAt(event, 'rcpt_to'),
      ...{ messageId: textAt(event, 'rcpt_meta', 'gazette'), envelope: textAt(event, 'msg_from') },
    }),
  ];
}

function findingOf(event: unknown, tools: ProviderTools): ReportFinding | undefined {
  const text = textAt(event, 'raw_reason') ?? textAt(event, 'reason') ?? '';
  const reply = { text, code: valueAt(event, 'error_code') };
  switch (textAt(event, 'type')) {
    case 'delivery':
      return { kind: 'delivered' };
    case 'delay':
      return delayedFrom(tools, reply);
    case 'bounce':
    case 'out_of_band':
      return bounceOf(textAt(event, 'bounce_class') ?? '', reply, tools);
    case 'policy_rejection':
      return bounceFrom(tools, { ...reply, otherwise: 'policy' });
    case 'spam_complaint':
      return { kind: 'complaint' };
    case 'list_unsubscribe':
    case 'link_unsubscribe':
      return { kind: 'unsubscribe' };
    default:
      return undefined;
  }
}

/** SparkPost's classes by number: those that are no bounce, and what the others are without a server's reply. */
const NO_BOUNCES: { readonly [number: string]: ReportFinding } = {
  60: { kind: 'auto-reply' },
  80: { kind: 'other' },
  90: { kind: 'unsubscribe' },
  100: { kind: 'auto-reply' },
};
const HARD = ['10', '30'];
const POLICY = ['25', '50', '51', '52', '53', '54'];

function bounceOf(
  number: string,
  reply: { readonly text: string; readonly code: unknown },
  tools: ProviderTools,
): ReportFinding {
  if (Object.hasOwn(NO_BOUNCES, number)) return NO_BOUNCES[number] as ReportFinding;
  const otherwise = HARD.includes(number) ? 'hard' : POLICY.includes(number) ? 'policy' : 'soft';
  return bounceFrom(tools, { ...reply, otherwise });
}
