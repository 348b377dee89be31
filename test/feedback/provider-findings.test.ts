/** What each provider's kinds of event say, in their own words. */
import { expect, test } from 'vitest';
import type { ProviderName } from '../../src/domain/providers.js';
import { PROVIDERS_READ } from '../../src/feedback/providers/registry.js';
import { hookCall, NOW, providerTools, SENDERS } from '../support/provider-calls.js';

const FULL = '552 5.2.2 mailbox full';
const BLOCKED = '550 5.7.1 blocked because of spam from your network';
const at = NOW.toISOString();
const seconds = NOW.getTime() / 1000;

const sesBounce = (bounceType: string, bounceSubType: string, diagnosticCode?: string) => ({
  eventType: 'Bounce',
  bounce: { bounceType, bounceSubType, feedbackId: 'f', timestamp: at, bouncedRecipients: [{ diagnosticCode }] },
});
const sesComplaint = (complaintFeedbackType?: string) => ({
  notificationType: 'Complaint',
  complaint: {
    complaintFeedbackType,
    feedbackId: 'f',
    timestamp: at,
    complainedRecipients: [{ emailAddress: 'a@b.c' }],
  },
});
const postmark = (Type: string, Details?: string) => ({ RecordType: 'Bounce', ID: 1, Type, Details });
const change = (fields: object) => ({
  RecordType: 'SubscriptionChange',
  ChangedAt: at,
  SuppressSending: true,
  ...fields,
});
const mailgun = (fields: object) => ({ id: 'x', timestamp: seconds, ...fields });
const failed = (severity: string, message: string, fields: object = {}) =>
  mailgun({ event: 'failed', severity, 'delivery-status': { message }, ...fields });
const sendgrid = (event: string, fields: object = {}) => ({ event, sg_event_id: 'x', timestamp: seconds, ...fields });
const resend = (type: string, bounce?: object) => ({ type, created_at: at, data: { bounce } });
const brevo = (event: string, reason?: string) => ({ event, ts_epoch: NOW.getTime(), reason });
const mailjet = (event: string, fields: object = {}) => ({ event, time: seconds, ...fields });
const sparkpost = (type: string, fields: object = {}) => ({
  msys: { message_event: { type, event_id: 'x', timestamp: `${seconds}`, ...fields } },
});

test.each<[ProviderName, string, unknown, string]>([
  ['ses', 'permanent without a reply', sesBounce('Permanent', 'OnAccountSuppressionList'), 'hard'],
  ['ses', 'permanent, a block by its reply', sesBounce('Permanent', 'General', `smtp; ${BLOCKED}`), 'policy'],
  ['ses', 'transient, full by its reply', sesBounce('Transient', 'General', `smtp; ${FULL}`), 'soft'],
  ['ses', 'transient because of the content', sesBounce('Transient', 'ContentRejected'), 'policy'],
  ['ses', 'undetermined', sesBounce('Undetermined', 'Undetermined'), 'soft'],
  ['ses', 'complaint', sesComplaint(), 'complaint'],
  ['ses', 'complaint: abuse', sesComplaint('abuse'), 'complaint'],
  ['ses', 'complaint: not spam', sesComplaint('not-spam'), 'other'],
  ['ses', 'report about authentication', sesComplaint('auth-failure'), 'other'],
  ['ses', 'delivery', { eventType: 'Delivery', delivery: { recipients: ['a@b.c'] } }, 'delivered'],
  ['ses', 'delay', { eventType: 'DeliveryDelay', deliveryDelay: { delayedRecipients: [{}] } }, 'delayed'],
  ['ses', 'open', { eventType: 'Open', open: {} }, 'nothing'],
  ['postmark', 'hard bounce without a reply', postmark('HardBounce'), 'hard'],
  ['postmark', 'hard bounce, a block by its reply', postmark('HardBounce', `smtp;${BLOCKED}`), 'policy'],
  ['postmark', 'soft bounce, unknown by its reply', postmark('SoftBounce', 'smtp;550 5.1.1 no such user'), 'hard'],
  ['postmark', 'spam notification', postmark('SpamNotification'), 'policy'],
  ['postmark', 'transient', postmark('Transient', 'smtp;421 later'), 'delayed'],
  ['postmark', 'automatic reply', postmark('AutoResponder'), 'auto-reply'],
  ['postmark', 'challenge', postmark('ChallengeVerification'), 'other'],
  ['postmark', 'complaint', { RecordType: 'SpamComplaint', ID: 2 }, 'complaint'],
  ['postmark', 'delivery', { RecordType: 'Delivery', MessageID: 'x' }, 'delivered'],
  ['postmark', 'unsubscribe', change({ Origin: 'Recipient', SuppressionReason: 'ManualSuppression' }), 'unsubscribe'],
  [
    'postmark',
    'a suppression of ours',
    change({ Origin: 'Customer', SuppressionReason: 'ManualSuppression' }),
    'nothing',
  ],
  ['postmark', 'a suppression lifted', change({ SuppressSending: false, Origin: 'Recipient' }), 'nothing'],
  ['postmark', 'click', { RecordType: 'Click' }, 'nothing'],
  ['mailgun', 'permanent', failed('permanent', '5.1.1 unknown', { 'delivery-status': { code: 550 } }), 'soft'],
  ['mailgun', 'permanent, full by its reply', failed('permanent', FULL), 'soft'],
  [
    'mailgun',
    'bounced before',
    failed('permanent', 'Not delivering to previously bounced address', {
      reason: 'suppress-bounce',
      'delivery-status': { code: 605 },
    }),
    'hard',
  ],
  ['mailgun', 'complained before', failed('permanent', '', { reason: 'suppress-complaint' }), 'complaint'],
  ['mailgun', 'temporary', failed('temporary', '421 later'), 'delayed'],
  ['mailgun', 'rejected', mailgun({ event: 'rejected', reject: { reason: 'too large' } }), 'policy'],
  ['mailgun', 'complaint', mailgun({ event: 'complained' }), 'complaint'],
  ['mailgun', 'unsubscribe', mailgun({ event: 'unsubscribed' }), 'unsubscribe'],
  ['mailgun', 'delivery', mailgun({ event: 'delivered' }), 'delivered'],
  ['mailgun', 'open', mailgun({ event: 'opened' }), 'nothing'],
  ['sendgrid', 'bounce without a reply', sendgrid('bounce', { reason: 'unable to get mx info' }), 'hard'],
  ['sendgrid', 'bounce, a block by its reply', sendgrid('bounce', { reason: BLOCKED, status: '5.0.0' }), 'policy'],
  ['sendgrid', 'blocked', sendgrid('bounce', { type: 'blocked' }), 'policy'],
  ['sendgrid', 'dropped: bounced before', sendgrid('dropped', { reason: 'Bounced Address' }), 'hard'],
  ['sendgrid', 'dropped: complained before', sendgrid('dropped', { reason: 'Spam Reporting Address' }), 'complaint'],
  ['sendgrid', 'dropped: unsubscribed', sendgrid('dropped', { reason: 'Unsubscribed Address' }), 'unsubscribe'],
  ['sendgrid', 'dropped: content', sendgrid('dropped', { reason: 'Spam Content' }), 'policy'],
  ['sendgrid', 'deferred', sendgrid('deferred', { response: '451 4.7.1 later' }), 'delayed'],
  ['sendgrid', 'delivery', sendgrid('delivered'), 'delivered'],
  ['sendgrid', 'complaint', sendgrid('spamreport'), 'complaint'],
  ['sendgrid', 'unsubscribe', sendgrid('group_unsubscribe'), 'unsubscribe'],
  ['sendgrid', 'click', sendgrid('click'), 'nothing'],
  ['resend', 'permanent', resend('email.bounced', { type: 'Permanent', message: 'hard bounce' }), 'hard'],
  ['resend', 'transient', resend('email.bounced', { type: 'Transient', subType: 'MailboxFull' }), 'soft'],
  [
    'resend',
    'transient, content',
    resend('email.bounced', { type: 'Transient', subType: 'ContentRejected' }),
    'policy',
  ],
  ['resend', 'complaint', resend('email.complained'), 'complaint'],
  ['resend', 'suppressed', resend('email.suppressed'), 'hard'],
  ['resend', 'delay', resend('email.delivery_delayed'), 'delayed'],
  ['resend', 'delivery', resend('email.delivered'), 'delivered'],
  ['resend', 'open', resend('email.opened'), 'nothing'],
  ['brevo', 'hard bounce', brevo('hard_bounce'), 'hard'],
  ['brevo', 'hard bounce, a block by its reply', brevo('hard_bounce', BLOCKED), 'policy'],
  ['brevo', 'soft bounce', brevo('soft_bounce', FULL), 'soft'],
  ['brevo', 'invalid address', brevo('invalid_email'), 'hard'],
  ['brevo', 'blocked', brevo('blocked'), 'policy'],
  ['brevo', 'complaint', brevo('spam'), 'complaint'],
  ['brevo', 'unsubscribe', brevo('unsubscribed'), 'unsubscribe'],
  ['brevo', 'deferred', brevo('deferred', '421 later'), 'delayed'],
  ['brevo', 'delivery', brevo('delivered'), 'delivered'],
  ['brevo', 'open', brevo('unique_opened'), 'nothing'],
  ['mailjet', 'user unknown', mailjet('bounce', { error: 'user unknown' }), 'hard'],
  ['mailjet', 'quota exceeded', mailjet('bounce', { error: 'quota exceeded', hard_bounce: false }), 'soft'],
  ['mailjet', 'an error that is not documented', mailjet('bounce', { error: 'other', hard_bounce: true }), 'hard'],
  ['mailjet', 'sender blocked', mailjet('blocked', { error: 'sender blocked' }), 'policy'],
  ['mailjet', 'spam reporter', mailjet('blocked', { error: 'spam reporter' }), 'complaint'],
  ['mailjet', 'greylisted', mailjet('bounce', { error: 'greylisted', hard_bounce: false }), 'delayed'],
  ['mailjet', 'complaint', mailjet('spam'), 'complaint'],
  ['mailjet', 'unsubscribe', mailjet('unsub'), 'unsubscribe'],
  ['mailjet', 'delivery', mailjet('sent'), 'delivered'],
  ['mailjet', 'open', mailjet('open'), 'nothing'],
  ['sparkpost', 'invalid recipient', sparkpost('bounce', { bounce_class: '10' }), 'hard'],
  ['sparkpost', 'mailbox full', sparkpost('bounce', { bounce_class: '22' }), 'soft'],
  ['sparkpost', 'spam block', sparkpost('bounce', { bounce_class: '51' }), 'policy'],
  ['sparkpost', 'out of band, automatic reply', sparkpost('out_of_band', { bounce_class: '60' }), 'auto-reply'],
  ['sparkpost', 'out of band, by its reply', sparkpost('out_of_band', { bounce_class: '1', raw_reason: FULL }), 'soft'],
  ['sparkpost', 'delay', sparkpost('delay', { raw_reason: '451 later' }), 'delayed'],
  ['sparkpost', 'complaint', sparkpost('spam_complaint'), 'complaint'],
  [
    'sparkpost',
    'unsubscribe',
    { msys: { unsubscribe_event: { type: 'list_unsubscribe', event_id: 'x' } } },
    'unsubscribe',
  ],
  ['sparkpost', 'delivery', sparkpost('delivery'), 'delivered'],
  ['sparkpost', 'a ping', { msys: {} }, 'nothing'],
  ['sparkpost', 'click', { msys: { track_event: { type: 'click', event_id: 'x' } } }, 'nothing'],
])('%s, %s', async (name, _what, event, wanted) => {
  const { proofs, call } = SENDERS[name];
  const end = await PROVIDERS_READ[name].open(proofs, providerTools()).read(hookCall(call([event])), NOW);
  if (end.kind !== 'read') throw new Error(JSON.stringify(end));
  const findings = end.reports.map(({ finding }) => (finding.kind === 'bounce' ? finding.bounce : finding.kind));
  expect(findings).toEqual(wanted === 'nothing' ? [] : [wanted]);
});
