import { describe, expect, test } from 'vitest';
import { ses } from '../../src/feedback/providers/ses.js';
import {
  amazonWeb,
  CERTIFICATE_URL,
  hookCall,
  NOW,
  providerTools,
  SENDERS,
  type SentCall,
  snsCall,
  snsConfirmation,
  snsNotification,
} from '../support/provider-calls.js';
import { selfSigned } from '../support/self-signed.js';

const { proofs } = SENDERS.ses;

function openSes(answers: Parameters<typeof amazonWeb>[1] = {}) {
  const asked: string[] = [];
  const provider = ses.open(proofs, providerTools(amazonWeb(asked, answers)));
  return { asked, read: (call: SentCall, now = NOW) => provider.read(hookCall(call), now) };
}
const bounce = () => snsNotification(SENDERS.ses.bounce());

describe('messages of Amazon SNS', () => {
  test.each(['1', '2'] as const)('of signature version %s pass', async (version) => {
    expect(await openSes().read(snsCall(bounce(), version))).toMatchObject({ kind: 'read', reports: [{}] });
  });

  test('signed by version 1 do not pass as version 2', async () => {
    const { body, headers } = snsCall(bounce(), '1');
    const call = { headers, body: body.replace('"SignatureVersion":"1"', '"SignatureVersion":"2"') };
    expect(await openSes().read(call)).toEqual({ kind: 'refused', why: 'forged' });
  });

  test('have their certificate fetched once', async () => {
    const { asked, read } = openSes();
    await Promise.all([read(snsCall(bounce())), read(snsCall(bounce()))]);
    await read(snsCall(bounce()));
    expect(asked).toEqual([CERTIFICATE_URL]);
  });

  test.each([
    'http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0a1b2c3d.pem',
    'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0a1b2c3d.pem',
    'https://sns.eu-central-1.amazonaws.com.example.org/SimpleNotificationService-0a1b2c3d.pem',
    'https://sns.eu-central-1.amazonaws.com@example.org/SimpleNotificationService-0a1b2c3d.pem',
    'https://sns.eu-central-1.amazonaws.com:8443/SimpleNotificationService-0a1b2c3d.pem',
    'https://s3.eu-central-1.amazonaws.com/SimpleNotificationService-0a1b2c3d.pem',
    'https://sns.eu-central-1.amazonaws.com/?Action=GetSomething.pem',
    'no address',
  ])('whose certificate is said to be at %s are refused, and nothing is fetched', async (SigningCertURL) => {
    const { asked, read } = openSes();
    expect(await read(snsCall({ ...bounce(), SigningCertURL }))).toEqual({ kind: 'refused', why: 'forged' });
    expect(asked).toEqual([]);
  });

  test('of a topic that is not ours are refused, and nothing is fetched', async () => {
    const { asked, read } = openSes();
    const TopicArn = 'arn:aws:sns:eu-central-1:999999999999:gazette';
    expect(await read(snsCall({ ...bounce(), TopicArn }))).toEqual({ kind: 'refused', why: 'forged' });
    expect(asked).toEqual([]);
  });

  test('signed with another key are refused', async () => {
    const { privateKey } = selfSigned('sns.amazonaws.com');
    expect(await openSes().read(snsCall(bounce(), '2', privateKey))).toEqual({ kind: 'refused', why: 'forged' });
  });

  test('signed with a certificate that has expired are refused', async () => {
    const old = selfSigned('sns.amazonaws.com', new Date('2010-01-01'), new Date('2020-01-01'));
    const call = snsCall(bounce(), '2', old.privateKey);
    expect(await openSes({ pem: old.pem }).read(call)).toEqual({ kind: 'refused', why: 'forged' });
  });

  test('come again where the certificate cannot be fetched, and then it is asked for again', async () => {
    const answers = { status: 503 };
    const { asked, read } = openSes(answers);
    expect(await read(snsCall(bounce()))).toMatchObject({ kind: 'later' });
    answers.status = 200;
    expect(await read(snsCall(bounce()))).toMatchObject({ kind: 'read' });
    expect(asked).toHaveLength(2);
  });

  test('that offer a subscription to our topic have it confirmed', async () => {
    const { asked, read } = openSes();
    const offer = snsConfirmation();
    expect(await read(snsCall(offer))).toEqual({ kind: 'read', reports: [] });
    expect(asked).toEqual([CERTIFICATE_URL, offer.SubscribeURL]);
  });

  test.each([
    ['another host', { ...snsConfirmation('example.org') }],
    ['another action', { ...snsConfirmation(), SubscribeURL: 'https://sns.eu-central-1.amazonaws.com/?Action=Other' }],
    [
      'another topic',
      { ...snsConfirmation(), SubscribeURL: snsConfirmation(undefined, `${proofs[0]}-other`).SubscribeURL ?? '' },
    ],
  ])('that offer a subscription at %s are refused, and nothing is confirmed', async (_what, offer) => {
    const { asked, read } = openSes();
    expect(await read(snsCall(offer))).toEqual({ kind: 'refused', why: 'forged' });
    expect(asked).toEqual([CERTIFICATE_URL]);
  });

  test('in plain words say nothing', async () => {
    const call = snsCall(snsNotification('Successfully validated SNS topic for Amazon SES event publishing.'));
    expect(await openSes().read(call)).toEqual({ kind: 'read', reports: [] });
  });
});
