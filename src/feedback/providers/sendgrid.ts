/** SendGrid: signs the time and the body with an elliptic curve (P-256). Many events a call. */
import { createPublicKey, verify } from 'node:crypto';
import type { ReportFinding } from '../../domain/feedback.js';
import { dateAt, jsonFrom, textAt } from './json.js';
import { isWithin, signatureFrom } from './proof.js';
import { FORGED, LATE, type Provider, type ProviderTools, UNREADABLE } from './provider.js';
import { bounceFrom, delayedFrom, reportOf } from './reports.js';

const SIGNATURE = 'X-Twilio-Email-Event-Webhook-Signature';
const TIMESTAMP = 'X-Twilio-Email-Event-Webhook-Timestamp';
/** SendGrid tries again for a day; whether it signs again is not documented. */
const WINDOW_MS = 25 * 3_600_000;

export const sendgrid: Provider = {
  name: 'sendgrid',
  mostBytes: 4 * 1024 * 1024,
  open(keys, tools) {
    const publicKeys = keys.map((key) =>
      createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' }),
    );
    return {
      admits: (header) => header(SIGNATURE) !== undefined && header(TIMESTAMP) !== undefined,
      read({ header, body }, now) {
        const [signature, timestamp = ''] = [signatureFrom(header(SIGNATURE)), header(TIMESTAMP)];
        const signed = Buffer.concat([Buffer.from(timestamp), body]);
        if (!signature || !publicKeys.some((key) => verify('sha256', signed, key, signature))) return FORGED;
        if (!/^\d{9,11}$/.test(timestamp) || !isWithin(new Date(Number(timestamp) * 1000), now, WINDOW_MS)) return LATE;
        const events = jsonFrom(body);
        if (!Array.isArray(events)) return UNREADABLE;
        return { kind: 'read', reports: events.flatMap((event) => reportsOf(event, tools)) };
      },
    };
  },
};

function reportsOf(event: unknown, tools: ProviderTools) {
  const finding = findingOf(event, tools);
  const id = textAt(event, 'sg_event_id');
  if (!finding || id === undefined) return [];
  return [
    reportOf('sendgrid', {
      ...{ id: [id], at: dateAt(event, 'timestamp'), recipient: textAt(event, 'email'), finding },
      messageId: textAt(event, 'gazette') ?? textAt(event, 'smtp-id'),
    }),
  ];
}

function findingOf(event: unknown, tools: ProviderTools): ReportFinding | undefined {
  const name = textAt(event, 'event');
  const text = textAt(event, 'reason') ?? textAt(event, 'response') ?? '';
  const status = textAt(event, 'status');
  if (name === 'bounce')
    return bounceFrom(tools, { text, status, otherwise: textAt(event, 'type') === 'blocked' ? 'policy' : 'hard' });
  if (name === 'deferred') return delayedFrom(tools, { text, status });
  if (name === 'dropped') return droppedFrom(text);
  if (name === 'delivered') return { kind: 'delivered' };
  if (name === 'spamreport') return { kind: 'complaint' };
  return name === 'unsubscribe' || name === 'group_unsubscribe' ? { kind: 'unsubscribe' } : undefined;
}

/** What SendGrid does not even try, because of what happened to the address before. */
function droppedFrom(text: string): ReportFinding {
  if (/spam report/i.test(text)) return { kind: 'complaint' };
  if (/unsubscribed/i.test(text)) return { kind: 'unsubscribe' };
  const bounce = /bounced address|invalid/i.test(text) ? 'hard' : 'policy';
  return { kind: 'bounce', bounce, reply: { text: text.slice(0, 500) } };
}
