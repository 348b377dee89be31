/** Postmark: signs nothing, so the address of the webhook holds a user and a password. One event a call. */
import type { ReportFinding } from '../../domain/feedback.js';
import { dateAt, jsonFrom, textAt, valueAt } from './json.js';
import { hasPassword } from './proof.js';
import { FORGED, type Provider, type ProviderTools, UNREADABLE } from './provider.js';
import { bounceFrom, delayedFrom, reportOf } from './reports.js';

export const postmark: Provider = {
  name: 'postmark',
  // A bounce may come with the whole mail.
  mostBytes: 16 * 1024 * 1024,
  open: (passwords, tools) => ({
    admits: (header) => hasPassword(header, passwords),
    read({ header, body }) {
      if (!hasPassword(header, passwords)) return FORGED;
      const event = jsonFrom(body);
      if (textAt(event, 'RecordType') === undefined) return UNREADABLE;
      const finding = findingOf(event, tools);
      if (!finding) return { kind: 'read', reports: [] };
      const at = ['BouncedAt', 'DeliveredAt', 'ChangedAt'].map((key) => dateAt(event, key)).find(Boolean);
      const recipient = textAt(event, 'Email') ?? textAt(event, 'Recipient');
      const own = textAt(event, 'ID') ?? `${textAt(event, 'MessageID')} ${at?.toISOString()}`;
      const report = reportOf('postmark', {
        id: [textAt(event, 'RecordType'), own, recipient],
        ...{ at, recipient, messageId: textAt(event, 'Metadata', 'gazette'), finding },
      });
      return { kind: 'read', reports: [report] };
    },
  }),
};

function findingOf(event: unknown, tools: ProviderTools): ReportFinding | undefined {
  const type = textAt(event, 'RecordType');
  if (type === 'Bounce') return bounceOf(event, tools);
  if (type === 'SpamComplaint') return { kind: 'complaint' };
  if (type === 'Delivery') return { kind: 'delivered' };
  return type === 'SubscriptionChange' ? changeOf(event) : undefined;
}

/** Types of bounce, for those that come without a server's reply. */
const CLASSES: { readonly [type: string]: 'hard' | 'soft' | 'policy' } = {
  HardBounce: 'hard',
  BadEmailAddress: 'hard',
  SoftBounce: 'soft',
  DnsError: 'soft',
  AddressChange: 'soft',
  Unknown: 'soft',
  ManuallyDeactivated: 'soft',
  SpamNotification: 'policy',
  VirusNotification: 'policy',
  Blocked: 'policy',
  DMARCPolicy: 'policy',
  SMTPApiError: 'policy',
};

function bounceOf(event: unknown, tools: ProviderTools): ReportFinding {
  const type = textAt(event, 'Type') ?? '';
  const text = textAt(event, 'Details') ?? textAt(event, 'Description') ?? type;
  if (type === 'Transient') return delayedFrom(tools, { text });
  if (type === 'SpamComplaint') return { kind: 'complaint' };
  if (type === 'Unsubscribe') return { kind: 'unsubscribe' };
  if (type === 'AutoResponder') return { kind: 'auto-reply' };
  const otherwise = Object.hasOwn(CLASSES, type) ? CLASSES[type] : undefined;
  return otherwise ? bounceFrom(tools, { text, otherwise }) : { kind: 'other' };
}

/** A bounce comes as an event of its own. */
function changeOf(event: unknown): ReportFinding | undefined {
  if (valueAt(event, 'SuppressSending') !== true) return undefined;
  const reason = textAt(event, 'SuppressionReason');
  if (reason === 'SpamComplaint') return { kind: 'complaint' };
  return reason === 'ManualSuppression' && textAt(event, 'Origin') === 'Recipient'
    ? { kind: 'unsubscribe' }
    : undefined;
}
