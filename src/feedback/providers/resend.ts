/** Resend: signs id, time and body as Svix does (Standard Webhooks). One event a call. */
import { createHmac } from 'node:crypto';
import type { ReportFinding } from '../../domain/feedback.js';
import { dateAt, jsonFrom, listAt, textAt, valueAt } from './json.js';
import { isOneOf, isWithin } from './proof.js';
import { FORGED, type HookCall, LATE, type Provider, type ProviderTools, UNREADABLE } from './provider.js';
import { bounceFrom, delayedFrom, headerIn, reportOf } from './reports.js';

/** Each try is signed anew. */
const WINDOW_MS = 5 * 60_000;
/** A change of keys makes two; more are nobody's. */
const MOST_SIGNATURES = 10;

export const resend: Provider = {
  name: 'resend',
  mostBytes: 1024 * 1024,
  open: (secrets, tools) => ({
    admits: (header) => header('svix-signature') !== undefined,
    read(call, now) {
      if (!isSigned(call, secrets)) return FORGED;
      if (!isWithin(dateAt({ at: call.header('svix-timestamp') }, 'at'), now, WINDOW_MS)) return LATE;
      const event = jsonFrom(call.body);
      if (textAt(event, 'type') === undefined) return UNREADABLE;
      const finding = findingOf(event, tools);
      if (!finding) return { kind: 'read', reports: [] };
      const data = valueAt(event, 'data');
      const report = reportOf('resend', {
        ...{ id: [call.header('svix-id')], at: dateAt(event, 'created_at'), finding },
        recipient: [textAt(data, 'to'), ...listAt(data, 'to')].find((each) => typeof each === 'string') as string,
        messageId: headerIn(listAt(data, 'headers'), 'X-Gazette-ID') ?? textAt(data, 'message_id'),
      });
      return { kind: 'read', reports: [report] };
    },
  }),
};

/** `v1,<base64>` once or more, separated by spaces, of `id.timestamp.body`. */
function isSigned({ header, body }: HookCall, secrets: readonly string[]): boolean {
  const [id, timestamp] = [header('svix-id') ?? '', header('svix-timestamp') ?? ''];
  if (id === '' || timestamp === '') return false;
  const expected = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
  });
  const given = (header('svix-signature') ?? '').split(' ').slice(0, MOST_SIGNATURES);
  return given.map((each) => isOneOf(expected, each)).includes(true);
}

function findingOf(event: unknown, tools: ProviderTools): ReportFinding | undefined {
  const type = textAt(event, 'type');
  if (type === 'email.delivered') return { kind: 'delivered' };
  if (type === 'email.complained') return { kind: 'complaint' };
  if (type === 'email.delivery_delayed') return delayedFrom(tools, { text: '' });
  if (type === 'email.suppressed')
    return bounceFrom(tools, { text: 'Resend has this address on its suppression list.', otherwise: 'hard' });
  return type === 'email.bounced' ? bounceOf(valueAt(event, 'data', 'bounce'), tools) : undefined;
}

function bounceOf(bounce: unknown, tools: ProviderTools): ReportFinding {
  const [diagnostic] = listAt(bounce, 'diagnosticCode');
  const text = typeof diagnostic === 'string' ? diagnostic : (textAt(bounce, 'message') ?? '');
  const isPolicy = /^(?:ContentRejected|AttachmentRejected|MessageTooLarge)$/.test(textAt(bounce, 'subType') ?? '');
  const isHard = textAt(bounce, 'type') === 'Permanent';
  return bounceFrom(tools, { text, otherwise: isHard ? 'hard' : isPolicy ? 'policy' : 'soft' });
}
