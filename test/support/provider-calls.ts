/** Calls as providers make them, signed with keys of our own by the scheme that each provider documents. */
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { judgeBounce } from '../../src/deliver/judge-bounce.js';
import { replyFrom } from '../../src/deliver/read-reply.js';
import type { FetchWeb } from '../../src/domain/ports/host.js';
import type { ProviderName } from '../../src/domain/providers.js';
import type { HookCall, ProviderTools } from '../../src/feedback/providers/provider.js';
import { selfSigned } from './self-signed.js';

export const NOW = new Date('2026-11-30T08:00:00Z');
export const MESSAGE_ID = '0123456789abcdef0123456789abcdef@example.org';
export const READER = 'ann@example.com';

export interface Headers {
  readonly [name: string]: string;
}
export interface SentCall {
  readonly headers: Headers;
  readonly body: string;
}

/** How a provider sends. */
export interface Sender {
  /** The setting that knows its calls. */
  readonly proofs: readonly string[];
  /** A call with one bounce: 550 5.1.1, to the reader above. */
  bounce(id?: string): unknown;
  /** The body and headers of events, signed at an instant; `false` where several events do not fit in a call. */
  call(events: readonly unknown[], at?: Date): SentCall;
  readonly several: boolean;
  /** How long a copy of a call is taken; absent where nothing in a call says when it was made. */
  readonly windowMs?: number;
  /** The parts of a call that the scheme covers: names of headers, the body, or texts in it. */
  covered(call: SentCall): readonly (readonly ['header' | 'body', string])[];
}

const HOUR_MS = 3_600_000;
const SECONDS = (at: Date) => String(Math.floor(at.getTime() / 1000));
const basic = (password: string) => `Basic ${Buffer.from(password).toString('base64')}`;
const credentials = ({ headers }: SentCall) => [['header', (headers.Authorization ?? '').split(' ')[1] ?? '']] as const;
const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:gazette';
export const CERTIFICATE_URL = 'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0a1b2c3d.pem';
const amazon = selfSigned('sns.amazonaws.com');
const curve = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const svixKey = Buffer.alloc(24, 7);

/** The text in a JSON body that holds a value. */
function jsonPart(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

const NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
const CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];

/** A message of SNS, signed as its version says. */
export function snsCall(fields: Headers, version: '1' | '2' = '2', by = amazon.privateKey): SentCall {
  const signed = fields.Type === 'Notification' ? NOTIFICATION : CONFIRMATION;
  const text = signed.flatMap((name) => (fields[name] === undefined ? [] : [`${name}\n${fields[name]}\n`])).join('');
  const algorithm = version === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
  const Signature = sign(algorithm, Buffer.from(text), by).toString('base64');
  const message = { SigningCertURL: CERTIFICATE_URL, ...fields, SignatureVersion: version, Signature };
  return { headers: { 'x-amz-sns-message-type': fields.Type ?? '' }, body: JSON.stringify(message) };
}

export function snsNotification(event: unknown, at = NOW): Headers {
  return {
    Type: 'Notification',
    MessageId: 'd2f1c1f0-0000-5000-8000-000000000001',
    TopicArn: TOPIC,
    Message: typeof event === 'string' ? event : JSON.stringify(event),
    Timestamp: at.toISOString(),
  };
}

export function snsConfirmation(host = 'sns.eu-central-1.amazonaws.com', topic = TOPIC): Headers {
  const query = new URLSearchParams({ Action: 'ConfirmSubscription', TopicArn: topic, Token: 'abc123' });
  return {
    Type: 'SubscriptionConfirmation',
    MessageId: 'd2f1c1f0-0000-5000-8000-000000000002',
    TopicArn: topic,
    Token: 'abc123',
    Message: 'You have chosen to subscribe.',
    SubscribeURL: `https://${host}/?${query}`,
    Timestamp: NOW.toISOString(),
  };
}

export const SENDERS: { readonly [name in ProviderName]: Sender } = {
  ses: {
    proofs: [TOPIC],
    several: false,
    windowMs: 25 * HOUR_MS,
    bounce: (id = 'one') => ({
      notificationType: 'Bounce',
      bounce: {
        ...{ bounceType: 'Permanent', bounceSubType: 'General', feedbackId: id, timestamp: NOW.toISOString() },
        bouncedRecipients: [
          { emailAddress: READER, status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown', action: 'failed' },
        ],
      },
      mail: {
        source: 'bounces+k1-1-1-abc@example.org',
        messageId: 'ses-1',
        commonHeaders: { messageId: `<${MESSAGE_ID}>` },
      },
    }),
    call: ([event], at = NOW) => snsCall(snsNotification(event, at)),
    covered({ body }) {
      const message = JSON.parse(body) as Headers;
      const names = ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type', 'Signature'];
      return names.map((name) => ['body', jsonPart(message[name] ?? '')] as const);
    },
  },
  postmark: {
    proofs: ['hook:a long password'],
    several: false,
    bounce: (id = '42') => ({
      ...{ RecordType: 'Bounce', ID: id, Type: 'HardBounce', Email: READER, BouncedAt: NOW.toISOString() },
      ...{ Details: 'smtp;550 5.1.1 user unknown', Metadata: { gazette: MESSAGE_ID }, MessageID: 'pm-1' },
    }),
    call: ([event]) => ({ headers: { Authorization: basic('hook:a long password') }, body: JSON.stringify(event) }),
    covered: credentials,
  },
  mailgun: {
    proofs: ['key-of-mailgun'],
    several: false,
    windowMs: 9 * HOUR_MS,
    bounce: (id = 'mg-1') => ({
      ...{ event: 'failed', severity: 'permanent', reason: 'bounce', id, recipient: READER },
      ...{ timestamp: NOW.getTime() / 1000, message: { headers: { 'message-id': MESSAGE_ID } } },
      'delivery-status': { code: 550, message: '5.1.1 user unknown' },
    }),
    call([event], at = NOW) {
      const [timestamp, token] = [SECONDS(at), 'f00dcafe'.repeat(6)];
      const signature = createHmac('sha256', 'key-of-mailgun')
        .update(timestamp + token)
        .digest('hex');
      return {
        headers: {},
        body: JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': event }),
      };
    },
    covered({ body }) {
      const { signature } = JSON.parse(body) as { signature: Headers };
      return Object.values(signature).map((text) => ['body', text] as const);
    },
  },
  sendgrid: {
    proofs: [curve.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')],
    several: true,
    windowMs: 25 * HOUR_MS,
    bounce: (id = 'sg-1') => ({
      ...{ event: 'bounce', type: 'bounce', sg_event_id: id, email: READER, 'smtp-id': `<${MESSAGE_ID}>` },
      ...{ timestamp: NOW.getTime() / 1000, status: '5.0.0', reason: '550 5.1.1 user unknown' },
    }),
    call(events, at = NOW) {
      const [timestamp, body] = [SECONDS(at), JSON.stringify(events)];
      const signature = sign('sha256', Buffer.from(timestamp + body), curve.privateKey).toString('base64');
      const names = 'X-Twilio-Email-Event-Webhook';
      return { headers: { [`${names}-Signature`]: signature, [`${names}-Timestamp`]: timestamp }, body };
    },
    covered: ({ headers, body }) => [
      ...Object.values(headers).map((text) => ['header', text] as const),
      ['body', body],
    ],
  },
  resend: {
    proofs: [`whsec_${svixKey.toString('base64')}`],
    several: false,
    windowMs: 5 * 60_000,
    bounce: (id = 'msg_1') => ({
      ...{ type: 'email.bounced', created_at: NOW.toISOString(), id },
      data: {
        ...{ email_id: 'rs-1', to: [READER], headers: [{ name: 'X-Gazette-ID', value: MESSAGE_ID }] },
        bounce: { type: 'Permanent', subType: 'General', diagnosticCode: ['smtp; 550 5.1.1 user unknown'] },
      },
    }),
    call([event], at = NOW) {
      const id = (event as { readonly id?: string }).id ?? 'msg_1';
      const [timestamp, body] = [SECONDS(at), JSON.stringify(event)];
      const signature = createHmac('sha256', svixKey).update(`${id}.${timestamp}.${body}`).digest('base64');
      return { headers: { 'svix-id': id, 'svix-timestamp': timestamp, 'svix-signature': `v1,${signature}` }, body };
    },
    covered: ({ headers, body }) => [
      ...Object.values(headers).map((text) => ['header', text] as const),
      ['body', body],
    ],
  },
  brevo: {
    proofs: ['a-long-token'],
    several: true,
    bounce: (id = 'x') => ({
      ...{ event: 'hard_bounce', email: READER, 'message-id': `<${id}@relay.example>`, 'X-Mailin-custom': MESSAGE_ID },
      ...{ ts_epoch: NOW.getTime(), reason: '550 5.1.1 user unknown' },
    }),
    call: (events) => ({ headers: { Authorization: 'Bearer a-long-token' }, body: JSON.stringify(events) }),
    covered: credentials,
  },
  mailjet: {
    proofs: ['hook:a long password'],
    several: true,
    bounce: (id = 'mj-1') => ({
      ...{ event: 'bounce', time: NOW.getTime() / 1000, email: READER, CustomID: MESSAGE_ID, Message_GUID: id },
      ...{ hard_bounce: true, error_related_to: 'recipient', error: 'user unknown', comment: '550 5.1.1 user unknown' },
    }),
    call: (events) => ({ headers: { Authorization: basic('hook:a long password') }, body: JSON.stringify(events) }),
    covered: credentials,
  },
  sparkpost: {
    proofs: ['hook:a long password'],
    several: true,
    bounce: (id = 'sp-1') => ({
      msys: {
        message_event: {
          ...{ type: 'bounce', event_id: id, timestamp: SECONDS(NOW), raw_rcpt_to: READER, bounce_class: '10' },
          ...{ error_code: '550', raw_reason: '550 5.1.1 user unknown', rcpt_meta: { gazette: MESSAGE_ID } },
        },
      },
    }),
    call: (events) => ({ headers: { Authorization: basic('hook:a long password') }, body: JSON.stringify(events) }),
    covered: credentials,
  },
};

/** A call as the web hands it on. */
export function hookCall({ headers, body }: SentCall): HookCall {
  const known = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { header: (name) => known.get(name.toLowerCase()), body: Buffer.from(body) };
}

/** Amazon's hosts; each address that was asked is kept. */
export function amazonWeb(asked: string[] = [], answers: { readonly pem?: string; status?: number } = {}): FetchWeb {
  return async ({ url }) => {
    asked.push(url);
    const body = Buffer.from(url === CERTIFICATE_URL ? (answers.pem ?? amazon.pem) : '<ok/>');
    return { kind: 'answered', status: answers.status ?? 200, url, headers: new Map(), body };
  };
}

export function providerTools(fetchWeb: FetchWeb = amazonWeb()): ProviderTools {
  return { fetchWeb, replyFrom, judgeBounce };
}
