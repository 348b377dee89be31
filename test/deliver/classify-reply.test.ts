import { describe, expect, it } from 'vitest';
import { classifyReply, type ReplyPhase } from '../../src/deliver/classify-reply.js';
import { replyFrom } from '../../src/deliver/read-reply.js';

/** Reply, what it answers, what becomes of the attempt. */
type Row = readonly [response: string, phase: ReplyPhase, outcome: string];

function outcomeText(response: string, phase: ReplyPhase): string {
  const outcome = classifyReply(replyFrom(response), phase);
  if (outcome.kind === 'deferred') return `deferred ${outcome.scope}`;
  if (outcome.kind === 'rejected')
    return `rejected ${outcome.scope}${outcome.scope === 'recipient' ? ` ${outcome.bounce}` : ''}`;
  return outcome.kind;
}

const TABLE: { readonly [title: string]: readonly Row[] } = {
  'the connection is told to come back later': [
    ['421 4.4.2 Timeout exceeded', 'dot', 'deferred connection'],
    ['421 Service not available, closing channel', 'mail', 'deferred connection'],
    ['451 4.4.2 Bad connection', 'dot', 'deferred connection'],
    ['451 4.4.5 Server busy', 'rcpt', 'deferred connection'],
    ['452 4.3.1 Insufficient system storage', 'mail', 'deferred connection'],
    ['421 Not now', 'auth', 'deferred connection'],
  ],
  'a reader is tried again later': [
    ['450 4.2.1 The user is receiving mail too quickly', 'rcpt', 'deferred recipient'],
    ['451 4.7.1 Greylisting in action, please come back later', 'rcpt', 'deferred recipient'],
    ['450 4.2.0 Greylisted', 'rcpt', 'deferred recipient'],
    ['451 4.3.0 Mail server temporarily rejected message', 'dot', 'deferred recipient'],
    ['452 4.2.2 Mailbox full', 'rcpt', 'deferred recipient'],
    ['450 Mailbox busy', 'rcpt', 'deferred recipient'],
    ['451 Local error in processing', 'dot', 'deferred recipient'],
  ],
  'a mailbox that takes nothing for now is a soft bounce': [
    ['552 5.2.2 Mailbox full', 'rcpt', 'rejected recipient soft'],
    ['552 5.2.2 The account is inactive and over quota', 'dot', 'rejected recipient soft'],
    ['550 5.2.1 The account is inactive', 'rcpt', 'rejected recipient soft'],
    ['550 5.2.1 The user is receiving mail too fast', 'rcpt', 'rejected recipient soft'],
    ['550 Something unsaid', 'rcpt', 'rejected recipient soft'],
    ['552 Mailbox full', 'dot', 'rejected recipient soft'],
  ],
  'an address that does not exist is a hard bounce': [
    ['550 5.1.1 No such user', 'rcpt', 'rejected recipient hard'],
    [
      '550-5.1.1 The account you tried to reach\n550-5.1.1 does not exist\n550 5.1.1 try again',
      'rcpt',
      'rejected recipient hard',
    ],
    ['553 5.1.2 Bad destination system', 'rcpt', 'rejected recipient hard'],
    ['553 5.1.3 Bad address syntax', 'rcpt', 'rejected recipient hard'],
    ['551 5.1.6 Moved', 'rcpt', 'rejected recipient hard'],
    ['556 5.1.10 The domain has a null MX', 'rcpt', 'rejected recipient hard'],
    ['521 This host takes no mail', 'rcpt', 'rejected recipient hard'],
    ['556 Domain takes no mail', 'rcpt', 'rejected recipient hard'],
    ['550 No such user here', 'rcpt', 'rejected recipient hard'],
    ['550 5.1.1 Unknown', 'bounce', 'rejected recipient hard'],
  ],
  'one mailbox wants nothing from us, which stops nobody else': [
    ['554 5.7.1 <reader@example.com>: Recipient address rejected: Access denied', 'rcpt', 'rejected recipient none'],
    ['550 5.7.0 Recipient address rejected: Policy restrictions', 'rcpt', 'rejected recipient none'],
    ['554 5.7.1 <sender@example.org>: Sender address rejected: Access denied', 'rcpt', 'rejected sender'],
    ['554 5.7.1 Client host rejected: Access denied', 'rcpt', 'rejected sender'],
  ],
  'our settings are wrong, nobody is marked': [
    ['454 4.7.0 Temporary authentication failure', 'auth', 'deferred configuration'],
    ['454 4.7.0 TLS not available', 'connect', 'deferred configuration'],
    ['530 5.7.0 Must issue a STARTTLS command first', 'mail', 'rejected configuration'],
    ['534 5.7.9 Application-specific password required', 'auth', 'rejected configuration'],
    ['535 5.7.8 Bad credentials', 'auth', 'rejected configuration'],
    ['534 5.7.14 Log in with a browser', 'auth', 'rejected configuration'],
    ['535 Authentication failed', 'auth', 'rejected configuration'],
    ['501 Malformed', 'auth', 'rejected configuration'],
    ['554 5.7.1 <reader@example.com>: Relay access denied', 'rcpt', 'rejected configuration'],
    ['523 5.7.10 Encryption needed', 'mail', 'rejected configuration'],
  ],
  'we are over a limit, which is nobody’s try': [
    ['421 4.3.2 Too many connections', 'connect', 'deferred limit'],
    ['452 4.5.3 Too many recipients', 'rcpt', 'deferred limit'],
    ['452 Too many recipients received this hour', 'rcpt', 'deferred limit'],
    ['550 5.4.5 Daily sending limit exceeded', 'rcpt', 'rejected limit'],
    ['421 4.7.28 Unusual rate of mail', 'dot', 'deferred limit'],
  ],
  'our standing as a sender is the matter, nobody is marked': [
    ['421 4.7.0 Reputation', 'dot', 'deferred sender'],
    ['421 5.7.32 Not aligned', 'dot', 'deferred sender'],
    ['550 5.7.1 Likely spam', 'dot', 'rejected sender'],
    ['550 5.7.25 No PTR record', 'mail', 'rejected sender'],
    ['550 5.7.26 Unauthenticated', 'dot', 'rejected sender'],
    ['550 5.7.30 Not signed', 'dot', 'rejected sender'],
    ['550 5.7.32 Not aligned', 'dot', 'rejected sender'],
    ['550 5.7.40 No DMARC record', 'dot', 'rejected sender'],
    ['421 4.7.31 No DMARC record', 'dot', 'deferred sender'],
    ['550 5.7.515 Access denied, sending domain does not meet the level', 'dot', 'rejected sender'],
    ['554 Blocked for policy reasons', 'dot', 'rejected sender'],
    ['550 5.1.8 Sender domain not found', 'mail', 'rejected sender'],
    ['550 5.1.1 No such sender', 'mail', 'rejected sender'],
    ['554 No service for you', 'connect', 'rejected sender'],
  ],
  'the message is wrong, the same for everybody': [
    ['552 5.3.4 Message too big', 'mail', 'rejected message'],
    ['552 5.3.4 Header limits exceeded', 'dot', 'rejected message'],
    ['552 Message size exceeds fixed limit', 'mail', 'rejected message'],
    ['554 5.6.0 Malformed', 'dot', 'rejected message'],
    ['550 5.7.1 This message is not RFC 5322 compliant', 'dot', 'rejected message'],
    ['550 5.7.1 Messages with multiple Message-ID headers', 'dot', 'rejected message'],
  ],
  'what we said was not understood': [
    ['500 Unrecognised', 'rcpt', 'rejected message'],
    ['501 Syntax error', 'mail', 'rejected message'],
    ['502 Not implemented', 'data', 'rejected message'],
    ['503 Bad sequence', 'data', 'rejected message'],
    ['504 Parameter not implemented', 'mail', 'rejected message'],
    ['555 Parameters not recognised', 'rcpt', 'rejected message'],
    ['501 5.5.4 Invalid domain name', 'connect', 'rejected configuration'],
  ],
  'the server took it': [
    ['250 2.0.0 Queued', 'dot', 'accepted'],
    ['250 OK', 'dot', 'accepted'],
  ],
};

describe('a reply is laid at the right door', () => {
  for (const [title, rows] of Object.entries(TABLE))
    it.each(rows)(`${title}: %s (%s)`, (response, phase, outcome) => {
      expect(outcomeText(response, phase)).toBe(outcome);
    });

  it('calls a connection that gave no code a matter of the connection', () => {
    expect(classifyReply({ text: 'read ECONNRESET' }, 'rcpt')).toMatchObject({ kind: 'deferred', scope: 'connection' });
  });

  it('never calls a refusal of anybody but the reader a bounce', () => {
    for (const rows of Object.values(TABLE))
      for (const [response, phase] of rows) {
        const outcome = classifyReply(replyFrom(response), phase);
        if (outcome.kind === 'rejected' && outcome.scope !== 'recipient') expect(outcome.bounce).toBe('none');
      }
  });
});

describe('a reply is read as the server meant it', () => {
  it('takes the codes apart from the words', () => {
    expect(replyFrom('550 5.1.1 No such user')).toEqual({ code: 550, enhanced: '5.1.1', text: 'No such user' });
  });

  it('joins several lines into one', () => {
    expect(replyFrom('550-5.7.1 First\r\n550-5.7.1 second\r\n550 5.7.1 third')).toEqual({
      code: 550,
      enhanced: '5.7.1',
      text: 'First second third',
    });
  });

  it('does without an enhanced code', () => {
    expect(replyFrom('250 OK')).toEqual({ code: 250, text: 'OK' });
  });

  it.each(['550 #5.1.1 No', '550 (5.1.1) No', '550 5.1.1: No', '550 [#5.1.1] No'])('reads %s', (response) => {
    expect(replyFrom(response)).toMatchObject({ code: 550, enhanced: '5.1.1', text: 'No' });
  });

  it('does not take a version or an address for an enhanced code', () => {
    expect(replyFrom('554 192.0.2.4 is blocked')).toEqual({ code: 554, text: '192.0.2.4 is blocked' });
  });

  it('keeps no control characters and at most 500 characters', () => {
    const { text } = replyFrom(`550 5.1.1 \u0007bell\u2028${'x'.repeat(600)}`);
    expect(text).toHaveLength(500);
    expect(text).toMatch(/^bell x+…$/);
  });
});
