/** Brevo: sends a bearer token. One event a call, or many where they are batched. */
import type { ReportFinding } from '../../domain/feedback.js';
import { dateAt, eventsFrom, textAt, valueAt } from './json.js';
import { credentialsOf, isOneOf } from './proof.js';
import { FORGED, type Provider, type ProviderTools, type ReadHeader, UNREADABLE } from './provider.js';
import { bounceFrom, delayedFrom, reportOf } from './reports.js';

export const brevo: Provider = {
  name: 'brevo',
  mostBytes: 4 * 1024 * 1024,
  open(tokens, tools) {
    const isTheirs = (header: ReadHeader) => isOneOf(tokens, credentialsOf(header, 'bearer'));
    return {
      admits: isTheirs,
      read({ header, body }) {
        if (!isTheirs(header)) return FORGED;
        const events = eventsFrom(body);
        if (!events) return UNREADABLE;
        return { kind: 'read', reports: events.flatMap((event) => reportsOf(event, tools)) };
      },
    };
  },
};

function reportsOf(event: unknown, tools: ProviderTools) {
  const finding = findingOf(event, tools);
  if (!finding) return [];
  const [messageId, recipient] = [textAt(event, 'message-id'), textAt(event, 'email')];
  const epoch = valueAt(event, 'ts_epoch');
  const at = typeof epoch === 'number' ? dateAt({ at: Math.floor(epoch / 1000) }, 'at') : dateAt(event, 'ts_event');
  return [
    reportOf('brevo', {
      // An event has no id of its own.
      id: [textAt(event, 'event'), messageId, recipient, textAt(event, 'ts_epoch') ?? textAt(event, 'ts_event')],
      ...{ at, recipient, finding, messageId: textAt(event, 'X-Mailin-custom') ?? messageId },
    }),
  ];
}

function findingOf(event: unknown, tools: ProviderTools): ReportFinding | undefined {
  const text = textAt(event, 'reason') ?? '';
  switch (textAt(event, 'event')) {
    case 'delivered':
      return { kind: 'delivered' };
    case 'deferred':
      return delayedFrom(tools, { text });
    case 'hard_bounce':
    case 'invalid_email':
      return bounceFrom(tools, { text, otherwise: 'hard' });
    case 'soft_bounce':
      return bounceFrom(tools, { text, otherwise: 'soft' });
    // Brevo does not even try.
    case 'blocked':
    case 'error':
      return bounceFrom(tools, { text, otherwise: 'policy' });
    case 'spam':
    case 'complaint':
      return { kind: 'complaint' };
    case 'unsubscribe':
    case 'unsubscribed':
      return { kind: 'unsubscribe' };
    default:
      return undefined;
  }
}
