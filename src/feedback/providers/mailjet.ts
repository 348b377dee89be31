/** Mailjet: signs nothing, so the address of the webhook holds a user and a password. One event a call, or many where they are grouped. */
import type { ReportFinding } from '../../domain/feedback.js';
import { dateAt, eventsFrom, textAt, valueAt } from './json.js';
import { hasPassword } from './proof.js';
import { FORGED, type Provider, type ProviderTools, UNREADABLE } from './provider.js';
import { bounceFrom, delayedFrom, reportOf } from './reports.js';

export const mailjet: Provider = {
  name: 'mailjet',
  mostBytes: 4 * 1024 * 1024,
  open: (passwords, tools) => ({
    admits: (header) => hasPassword(header, passwords),
    read({ header, body }) {
      if (!hasPassword(header, passwords)) return FORGED;
      const events = eventsFrom(body);
      if (!events) return UNREADABLE;
      return { kind: 'read', reports: events.flatMap((event) => reportsOf(event, tools)) };
    },
  }),
};

function reportsOf(event: unknown, tools: ProviderTools) {
  const finding = findingOf(event, tools);
  if (!finding) return [];
  const recipient = textAt(event, 'email');
  const message = textAt(event, 'Message_GUID') ?? textAt(event, 'MessageID');
  return [
    reportOf('mailjet', {
      // An event has no id of its own.
      id: [textAt(event, 'event'), message, recipient, textAt(event, 'time')],
      ...{ at: dateAt(event, 'time'), recipient, messageId: textAt(event, 'CustomID'), finding },
    }),
  ];
}

function findingOf(event: unknown, tools: ProviderTools): ReportFinding | undefined {
  const name = textAt(event, 'event');
  if (name === 'sent') return { kind: 'delivered' };
  if (name === 'spam') return { kind: 'complaint' };
  if (name === 'unsub') return { kind: 'unsubscribe' };
  return name === 'bounce' || name === 'blocked' ? failureOf(event, tools) : undefined;
}

/** Mailjet's own words for what went wrong, where no reply of a server comes with them. */
const CLASSES: { readonly [error: string]: 'hard' | 'soft' | 'policy' } = {
  'user unknown': 'hard',
  'mailbox inactive': 'hard',
  'invalid domain': 'hard',
  'no mail host': 'hard',
  typofix: 'hard',
  'quota exceeded': 'soft',
  'connection issue': 'soft',
  'protocol issue': 'soft',
  'system issue': 'soft',
  'relay/access denied': 'policy',
  'sender blocked': 'policy',
  'content blocked': 'policy',
  'policy issue': 'policy',
  blacklisted: 'policy',
  preblocked: 'policy',
  'duplicate in campaign': 'policy',
};

function failureOf(event: unknown, tools: ProviderTools): ReportFinding {
  const error = textAt(event, 'error') ?? '';
  const isHard = valueAt(event, 'hard_bounce') === true;
  const text = textAt(event, 'comment') ?? error;
  if (error === 'spam reporter') return { kind: 'complaint' };
  if (error === 'greylisted' && !isHard) return delayedFrom(tools, { text });
  const otherwise = Object.hasOwn(CLASSES, error) ? CLASSES[error] : undefined;
  return bounceFrom(tools, { text, otherwise: otherwise ?? (isHard ? 'hard' : 'soft') });
}
