/** Mailgun: signs a time and a token, not the event. One event a call. */
import { createHmac } from 'node:crypto';
import type { ReportFinding } from '../../domain/feedback.js';
import { dateAt, jsonFrom, textAt, valueAt } from './json.js';
import { isOneOf, isWithin } from './proof.js';
import { FORGED, LATE, type Provider, type ProviderTools, UNREADABLE } from './provider.js';
import { bounceFrom, delayedFrom, reportOf } from './reports.js';

/** Mailgun tries again for eight hours, with the signature of the first try. */
const WINDOW_MS = 9 * 3_600_000;

export const mailgun: Provider = {
  name: 'mailgun',
  mostBytes: 1024 * 1024,
  open: (keys, tools) => ({
    admits: () => true,
    read({ body }, now) {
      const call = jsonFrom(body);
      const signature = valueAt(call, 'signature');
      const [timestamp = '', token = ''] = [textAt(signature, 'timestamp'), textAt(signature, 'token')];
      const expected = keys.map((key) =>
        createHmac('sha256', key)
          .update(timestamp + token)
          .digest('hex'),
      );
      if (token === '' || !isOneOf(expected, textAt(signature, 'signature') ?? '')) return FORGED;
      if (!isWithin(dateAt(signature, 'timestamp'), now, WINDOW_MS)) return LATE;
      const event = valueAt(call, 'event-data');
      if (textAt(event, 'event') === undefined) return UNREADABLE;
      const finding = findingOf(event, tools);
      if (!finding) return { kind: 'read', reports: [] };
      const at = dateAt(event, 'timestamp');
      const report = reportOf('mailgun', {
        // An id is unique within a day.
        id: [textAt(event, 'id'), at?.toISOString()],
        ...{ at, recipient: textAt(event, 'recipient'), envelope: textAt(event, 'envelope', 'sender'), finding },
        messageId: textAt(event, 'user-variables', 'gazette') ?? textAt(event, 'message', 'headers', 'message-id'),
      });
      return { kind: 'read', reports: [report] };
    },
  }),
};

function findingOf(event: unknown, tools: ProviderTools): ReportFinding | undefined {
  const name = textAt(event, 'event');
  if (name === 'delivered') return { kind: 'delivered' };
  if (name === 'complained') return { kind: 'complaint' };
  if (name === 'unsubscribed') return { kind: 'unsubscribe' };
  return name === 'failed' || name === 'rejected' ? failureOf(event, tools) : undefined;
}

/** Why Mailgun does not even try, and what a failure is that comes without a server's reply. */
const CLASSES: { readonly [reason: string]: 'hard' | 'soft' | 'policy' } = {
  'suppress-bounce': 'hard',
  bounce: 'hard',
  old: 'soft',
  espblock: 'policy',
};

function failureOf(event: unknown, tools: ProviderTools): ReportFinding {
  const reason = textAt(event, 'reason') ?? '';
  const status = valueAt(event, 'delivery-status');
  const text =
    textAt(status, 'message') ?? textAt(status, 'description') ?? textAt(event, 'reject', 'reason') ?? reason;
  const reply = { text, code: valueAt(status, 'code'), status: textAt(status, 'enhanced-code') };
  if (textAt(event, 'event') === 'rejected') return bounceFrom(tools, { ...reply, otherwise: 'policy' });
  if (textAt(event, 'severity') === 'temporary') return delayedFrom(tools, reply);
  if (reason === 'suppress-complaint') return { kind: 'complaint' };
  if (reason === 'suppress-unsubscribe') return { kind: 'unsubscribe' };
  const otherwise = Object.hasOwn(CLASSES, reason) ? CLASSES[reason] : undefined;
  return bounceFrom(tools, { ...reply, otherwise: otherwise ?? 'soft' });
}
