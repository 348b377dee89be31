/** Amazon SES by way of an SNS topic: notifications and published events, which say the same in two spellings. */
import type { FeedbackReport, ReportFinding } from '../../domain/feedback.js';
import { dateAt, jsonFrom, listAt, textAt, valueAt } from './json.js';
import { isOneOf, isWithin } from './proof.js';
import { FORGED, LATE, type Provider, type ProviderTools, UNREADABLE } from './provider.js';
import { bounceFrom, delayedFrom, headerIn, reportOf } from './reports.js';
import { openSnsMessages } from './sns-message.js';

/** SNS tries a message again for about an hour by default and up to a day by setting, with the time of the first try. */
const WINDOW_MS = 25 * 3_600_000;

export const ses: Provider = {
  name: 'ses',
  mostBytes: 512 * 1024,
  open(topics, tools) {
    const messages = openSnsMessages(tools.fetchWeb);
    return {
      admits: (header) => header('x-amz-sns-message-type') !== undefined,
      async read({ body }, now) {
        const message = jsonFrom(body);
        const topic = textAt(message, 'TopicArn');
        // Asked first, so that a stranger makes nobody fetch anything.
        if (topic === undefined || !isOneOf(topics, topic)) return FORGED;
        const proof = await messages.check(message, now);
        if (proof.kind === 'later') return proof;
        if (proof.kind === 'forged') return FORGED;
        if (!isWithin(dateAt(message, 'Timestamp'), now, WINDOW_MS)) return LATE;
        const type = textAt(message, 'Type');
        if (type === 'SubscriptionConfirmation') {
          const confirmed = await messages.confirm(message);
          if (confirmed.kind === 'later') return confirmed;
          return confirmed.kind === 'forged' ? FORGED : { kind: 'read', reports: [] };
        }
        if (type !== 'Notification') return { kind: 'read', reports: [] };
        const text = textAt(message, 'Message') ?? '';
        const event = jsonFrom(text);
        // SES announces itself to a new topic in plain words.
        if (event === undefined) return /^\s*\{/.test(text) ? UNREADABLE : { kind: 'read', reports: [] };
        return { kind: 'read', reports: reportsOf(event, tools) };
      },
    };
  },
};

interface SaidOfRecipient {
  readonly recipient: string | undefined;
  readonly finding: ReportFinding;
}

function reportsOf(event: unknown, tools: ProviderTools): readonly FeedbackReport[] {
  const kind = (textAt(event, 'eventType') ?? textAt(event, 'notificationType') ?? '').toLowerCase();
  const read = KINDS[kind];
  if (!read) return [];
  const [key, recipientsOf] = read;
  const detail = valueAt(event, key);
  const mail = valueAt(event, 'mail');
  const id = textAt(detail, 'feedbackId') ?? textAt(mail, 'messageId');
  // Delays of one mail are told apart by their time alone.
  const tellsApart = kind === 'deliverydelay' ? textAt(detail, 'timestamp') : undefined;
  const messageId = textAt(mail, 'commonHeaders', 'messageId') ?? headerIn(listAt(mail, 'headers'), 'Message-ID');
  return recipientsOf(detail, tools).map(({ recipient, finding }) =>
    reportOf('ses', {
      ...{ id: [kind, id, recipient, tellsApart], at: dateAt(detail, 'timestamp') },
      ...{ recipient, messageId, envelope: textAt(mail, 'source'), finding },
    }),
  );
}

type RecipientsOf = (detail: unknown, tools: ProviderTools) => readonly SaidOfRecipient[];

/** By kind of event: where its details are, and what they say of whom. Opens and clicks are not read. */
const KINDS: { readonly [kind: string]: readonly [detail: string, read: RecipientsOf] } = {
  bounce: ['bounce', bounced],
  complaint: ['complaint', complained],
  delivery: [
    'delivery',
    (detail) =>
      listAt(detail, 'recipients').map((each) => ({
        recipient: typeof each === 'string' ? each : undefined,
        finding: { kind: 'delivered' },
      })),
  ],
  deliverydelay: [
    'deliveryDelay',
    (detail, tools) =>
      listAt(detail, 'delayedRecipients').map((each) => ({
        recipient: textAt(each, 'emailAddress'),
        finding: delayedFrom(tools, { text: textAt(each, 'diagnosticCode') ?? '', status: textAt(each, 'status') }),
      })),
  ],
};

/** What a transient bounce is when no reply comes with it; all others are soft. */
const POLICY_BOUNCES = ['ContentRejected', 'AttachmentRejected', 'MessageTooLarge'];

function bounced(detail: unknown, tools: ProviderTools): readonly SaidOfRecipient[] {
  const subType = textAt(detail, 'bounceSubType') ?? '';
  const isHard = textAt(detail, 'bounceType') === 'Permanent';
  const otherwise = isHard ? 'hard' : POLICY_BOUNCES.includes(subType) ? 'policy' : 'soft';
  return listAt(detail, 'bouncedRecipients').map((each) => ({
    recipient: textAt(each, 'emailAddress'),
    finding: bounceFrom(tools, {
      ...{ text: textAt(each, 'diagnosticCode') ?? subType, status: textAt(each, 'status'), otherwise },
    }),
  }));
}

/** Reports that are no complaint (RFC 5965 §7.3, RFC 6591). */
const NO_COMPLAINTS = ['not-spam', 'auth-failure'];

function complained(detail: unknown): readonly SaidOfRecipient[] {
  const isComplaint = !NO_COMPLAINTS.includes(textAt(detail, 'complaintFeedbackType') ?? 'abuse');
  return listAt(detail, 'complainedRecipients').map((each) => ({
    recipient: textAt(each, 'emailAddress'),
    finding: { kind: isComplaint ? 'complaint' : 'other' },
  }));
}
