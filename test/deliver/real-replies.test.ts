/** Replies of real servers and providers, each with whose matter it is and what it asks of us (rule: whose-fault). */
import { describe, expect, it } from 'vitest';
import { classifyReply, type ReplyPhase } from '../../src/deliver/classify-reply.js';
import { replyFrom } from '../../src/deliver/read-reply.js';
import { REPLY_TABLE } from '../../src/deliver/reply-table.js';

type Row = readonly [phase: ReplyPhase, response: string, scope: string, meaning: string];

function read(phase: ReplyPhase, response: string): readonly [scope: string, meaning: string] {
  const outcome = classifyReply(replyFrom(response), phase);
  if (!('scope' in outcome)) return [outcome.kind, ''];
  const bounce = outcome.kind === 'rejected' && outcome.scope === 'recipient' ? ` ${outcome.bounce}` : '';
  return [`${outcome.scope}${bounce}`, outcome.meaning ?? ''];
}

/** What relays say when we are over a limit, or may not send. None of it is a reader's. */
const OURS: readonly Row[] = [
  [
    'dot',
    '554 5.2.252 SendAsDenied; a@example.org not allowed to send as b@example.org; STOREDRV.Submission.Exception:SendAsDeniedException',
    'sender',
    'stop',
  ],
  [
    'dot',
    '554 5.2.0 STOREDRV.Submission.Exception:OutboundSpamException; Failed to process message due to a permanent exception',
    'sender',
    'stop',
  ],
  ['dot', '554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException', 'limit', 'wait'],
  ['dot', '550 5.7.60 SMTP; Client does not have permissions to send as this sender', 'sender', 'stop'],
  ['dot', '550 5.4.5 Daily user sending quota exceeded. x - gsmtp', 'limit', 'wait'],
  ['dot', '454 Throttling failure: Daily message quota exceeded.', 'limit', 'wait'],
  ['rcpt', '450 Too many requests. Try again later. #MS-ST-G', 'limit', 'slow-down'],
  ['rcpt', '450 Too many recipient attempts', 'limit', 'slow-down'],
  ['rcpt', '451 4.7.1 Ratelimit "user" exceeded', 'limit', 'slow-down'],
  ['dot', '451 Requested action aborted Mails per session limit', 'limit', 'new-connection'],
  ['dot', "451 You've exceeded your messaging limits", 'limit', 'wait'],
  ['rcpt', '450 4.7.0 Transmit rate limit exceeded, try again later (ACC)', 'limit', 'slow-down'],
  ['mail', '421 Too many messages in this connection', 'limit', 'new-connection'],
  ['auth', '451 Authentication failed: Maximum credits exceeded', 'sender', 'stop'],
  ['connect', '421 4.7.0 Try again later, closing connection. (EHLO) x - gsmtp', 'connection', 'back-off'],
  // Amazon SES
  ['dot', '454 Throttling failure: Maximum sending rate exceeded.', 'limit', 'slow-down'],
  [
    'dot',
    '554 Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: a@example.org',
    'sender',
    'stop',
  ],
  [
    'dot',
    '554 Access denied: User `arn:aws:iam::123456789012:user/x` is not authorized to perform `ses:SendRawEmail` on resource',
    'sender',
    'stop',
  ],
  [
    'dot',
    '554 Message rejected: Sending paused for this account. For more information, see the guide.',
    'sender',
    'stop',
  ],
  ['auth', '535 Authentication Credentials Invalid', 'configuration', 'stop'],
  // Gmail
  [
    'dot',
    '421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP address.\r\n421 4.7.28 Mail has been temporarily rate limited. x - gsmtp',
    'limit',
    'slow-down',
  ],
  ['dot', '550 5.7.1 Daily SMTP relay limit exceeded for customer. x - gsmtp', 'limit', 'wait'],
  ['auth', '454 4.7.0 Too many login attempts, please try again later. x - gsmtp', 'configuration', 'stop'],
  ['auth', '535-5.7.8 Username and Password not accepted.\r\n535 5.7.8 Learn more x - gsmtp', 'configuration', 'stop'],
  [
    'dot',
    '550-5.7.26 Your email has been blocked because the sender is unauthenticated.\r\n550 5.7.26 SPF [example.org] with ip: [192.0.2.1] = did not pass x - gsmtp',
    'sender',
    'stop',
  ],
  [
    'dot',
    '550-5.7.1 [192.0.2.1] Gmail has detected that this message is likely unsolicited mail.\r\n550 5.7.1 x - gsmtp',
    'sender',
    'policy',
  ],
  // Office 365, Exchange
  [
    'dot',
    "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients",
    'limit',
    'wait',
  ],
  ['dot', '550 5.1.8 Access denied, bad outbound sender AS(42004)', 'sender', 'stop'],
  ['dot', '550 5.7.705 Access denied, tenant has exceeded threshold', 'sender', 'stop'],
  ['rcpt', '550 5.7.606 Access denied, banned sending IP [192.0.2.1]', 'sender', 'stop'],
  ['rcpt', '451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77714)', 'limit', 'slow-down'],
  ['dot', '432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded', 'limit', 'fewer-connections'],
  ['dot', '432 4.3.2 Concurrent connections limit exceeded', 'limit', 'fewer-connections'],
  ['mail', '530 5.7.57 Client not authenticated to send mail', 'configuration', 'stop'],
  [
    'auth',
    '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant',
    'configuration',
    'stop',
  ],
  [
    'dot',
    '550 5.7.515 Access denied, sending domain example.org does not meet the required authentication level',
    'sender',
    'stop',
  ],
  // SendGrid, Mailgun, Brevo, Postmark, MailerSend
  ['mail', '550 Unauthenticated senders not allowed', 'sender', 'stop'],
  [
    'dot',
    '550 The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved.',
    'sender',
    'stop',
  ],
  ['rcpt', '421 Domain example.org has exceeded its hourly sending limit. try again later', 'limit', 'wait'],
  [
    'rcpt',
    '450 Domain example.org is not allowed to send: recipient limit exceeded. try again after 59min',
    'limit',
    'slow-down',
  ],
  [
    'rcpt',
    '554 Sandbox subdomains are for test purposes only. Please add your own domain or add the address to authorized recipients in Account Settings.',
    'sender',
    'stop',
  ],
  ['auth', '525 5.7.1 Unauthorized IP address', 'configuration', 'stop'],
  ['dot', '502 5.7.0 Your SMTP account is not yet activated. Please contact us', 'sender', 'stop'],
  ['rcpt', '452 You have reached your daily limit of 300 emails', 'limit', 'wait'],
  [
    'dot',
    "550 5.7.1 The 'From' address you supplied (a@example.org) is not a Sender Signature on your account.",
    'sender',
    'stop',
  ],
  ['dot', '450 The domain must be verified #MS42207', 'sender', 'stop'],
  // IONOS, GMX, web.de, Strato, OVH
  [
    'rcpt',
    '450 Requested mail action not taken: mailbox unavailable\r\n450 Mail send limit exceeded.',
    'limit',
    'wait',
  ],
  [
    'rcpt',
    '450 Requested mail action not taken: mailbox unavailable\r\n450 Mail rate limit exceeded. Try again later',
    'limit',
    'slow-down',
  ],
  [
    'mail',
    '550 Requested action not taken: mailbox unavailable\r\n550 Sender address is not allowed.',
    'sender',
    'stop',
  ],
  ['dot', '554 Transaction failed\r\n554 Reject due to policy restrictions.', 'sender', 'policy'],
  ['connect', '554 No SMTP service\r\n554 Bad DNS PTR resource record.', 'sender', 'stop'],
  ['rcpt', '554 5.7.0 <a@example.org>: your account is blocked for sending, too many complaints', 'sender', 'stop'],
  ['dot', '550 5.7.1 [accountBlocked] outgoing messages are suspended', 'sender', 'stop'],
  // Postfix, Exim, Sendmail, cPanel, policyd
  ['mail', '450 4.7.1 Error: too much mail from 192.0.2.1', 'limit', 'slow-down'],
  ['connect', '421 4.7.0 mx.example.net Error: too many connections from 192.0.2.1', 'limit', 'fewer-connections'],
  ['connect', '421 4.3.2 Connection rate limit exceeded.', 'limit', 'fewer-connections'],
  ['rcpt', '452 4.5.3 Error: too many recipients', 'limit', 'slow-down'],
  [
    'rcpt',
    '550 Domain example.org has exceeded the max emails per hour (100/100 (100%)) allowed. Message discarded.',
    'limit',
    'wait',
  ],
  [
    'rcpt',
    '450 4.7.1 <a@example.org>: Sender address rejected: Policy Rejection- Message quota exceeded',
    'limit',
    'wait',
  ],
  ['rcpt', '451 4.7.1 <ann@example.net>: Recipient address rejected: Message count quota exceeded', 'limit', 'wait'],
  ['rcpt', '550 Quota exceeded', 'limit', 'wait'],
  ['rcpt', '450 Quota exceeded, try later', 'limit', 'wait'],
  ['rcpt', '552 Daily quota exceeded', 'limit', 'wait'],
  ['dot', '550 Message rate limit exceeded', 'limit', 'slow-down'],
  ['rcpt', '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org', 'sender', 'stop'],
  ['rcpt', '550 Sender verify failed', 'sender', 'stop'],
  ['rcpt', '554 5.7.1 <ann@example.net>: Relay access denied', 'configuration', 'stop'],
  ['mail', '553 5.1.8 <a@example.org>... Domain of sender address a@example.org does not exist', 'sender', 'stop'],
  // Yahoo, iCloud, Mimecast, Proofpoint
  [
    'mail',
    '421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1',
    'limit',
    'slow-down',
  ],
  ['mail', '553 5.7.2 [TSS09] All messages from 192.0.2.1 will be permanently deferred', 'sender', 'stop'],
  [
    'dot',
    '554 5.7.9 Message not accepted for policy reasons. See https://postmaster.example.com/error-codes',
    'sender',
    'policy',
  ],
  [
    'dot',
    '550 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.example.com',
    'sender',
    'policy',
  ],
  ['dot', '550 Rejected by header based Anti-Spoofing policy: a@example.org', 'sender', 'policy'],
  ['rcpt', '550 5.7.0 Local Policy Violation', 'sender', 'policy'],
  // Words that also occur in replies about readers
  ['rcpt', '550 Too many invalid recipients', 'sender', 'policy'],
  ['rcpt', '452 4.5.3 Too many invalid recipients', 'sender', 'policy'],
  ['rcpt', '550 5.1.1 Too many unknown recipients', 'sender', 'policy'],
  ['dot', '550 5.4.5 Daily SMTP relay sending limit exceeded for this account', 'limit', 'wait'],
  ['rcpt', '450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]', 'sender', 'policy'],
  ['rcpt', '450 4.7.1 <mx.example.org>: Helo command rejected: Host not found', 'sender', 'policy'],
  ['rcpt', "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", 'configuration', 'stop'],
  ['rcpt', '550 Sender IP reverse lookup rejected', 'sender', 'stop'],
  // QQ, Sendmail, AIX
  ['rcpt', '550 Domain frequency limited', 'limit', 'slow-down'],
  ['rcpt', '552 sorry, you have exceeded the sending frequency', 'limit', 'slow-down'],
  ['rcpt', '450 Too frequent connects', 'limit', 'slow-down'],
];

/** What is a reader's own: nothing here may stop the others, or be taken for a limit of ours. */
const READERS: readonly Row[] = [
  // Unknown
  [
    'rcpt',
    '550 5.1.1 <ann@example.net>: Recipient address rejected: User unknown in local recipient table',
    'recipient hard',
    'no-mailbox',
  ],
  ['rcpt', '550 #5.1.1 No such user', 'recipient hard', 'no-mailbox'],
  ['rcpt', '550 5.1.1: <ann@example.net> no longer works here', 'recipient hard', 'no-mailbox'],
  [
    'rcpt',
    "550-5.1.1 The email account that you tried to reach does not exist. Please try\r\n550 5.1.1 double-checking the recipient's email address for typos. x - gsmtp",
    'recipient hard',
    'no-mailbox',
  ],
  [
    'rcpt',
    '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ann@example.net not found by SMTP address lookup',
    'recipient hard',
    'no-mailbox',
  ],
  ['rcpt', '550 No Such User Here', 'recipient hard', 'no-mailbox'],
  ['rcpt', '550 Unknown user ann@docomo.ne.jp', 'recipient hard', 'no-mailbox'],
  ['rcpt', '550 <ann@ezweb.ne.jp>: User unknown', 'recipient hard', 'no-mailbox'],
  ['rcpt', '550 Invalid recipient: <ann@softbank.ne.jp>', 'recipient hard', 'no-mailbox'],
  [
    'dot',
    "554 delivery error: dd This user doesn't have a yahoo.com account (ann@yahoo.com) [0] - mta1",
    'recipient hard',
    'no-mailbox',
  ],
  [
    'dot',
    '554 delivery error: dd Sorry your message to ann@yahoo.com cannot be delivered. This mailbox is disabled (554.30).',
    'recipient hard',
    'no-mailbox',
  ],
  ['rcpt', '553 5.1.2 We weren’t able to find the recipient domain', 'recipient hard', 'no-mailbox'],
  ['bounce', '550 5.1.1 User unknown', 'recipient hard', 'no-mailbox'],
  ['rcpt', '550 User not known', 'recipient hard', 'no-mailbox'],
  ['rcpt', '550 not a valid mailbox', 'recipient hard', 'no-mailbox'],
  ['rcpt', '550 Addressee unknown', 'recipient hard', 'no-mailbox'],
  // Full: "quota" and "limit" are the mailbox's
  ['rcpt', '552 5.2.2 mailbox over quota', 'recipient soft', 'mailbox-full'],
  ['rcpt', '452 4.2.2 The email account that you tried to reach is over quota.', 'recipient', 'mailbox-full'],
  [
    'rcpt',
    "452-4.2.2 The recipient's inbox is out of storage space. Please direct the\r\n452 4.2.2 recipient to https://support.example.com x - gsmtp",
    'recipient',
    'mailbox-full',
  ],
  [
    'dot',
    '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded',
    'recipient soft',
    'mailbox-full',
  ],
  [
    'dot',
    '554 5.2.0 STOREDRV.Deliver.Exception:QuotaExceededException; Failed to process message',
    'recipient soft',
    'mailbox-full',
  ],
  [
    'dot',
    "552 5.2.2 This message is larger than the current system limit or the recipient's mailbox is full. Create a shorter message body or remove attachments and try sending it again.",
    'recipient soft',
    'mailbox-full',
  ],
  ['rcpt', '552 5.2.2 <ann@example.net>: Quota exceeded (mailbox for user is full)', 'recipient soft', 'mailbox-full'],
  ['rcpt', '552 <ann@example.net>: user is over quota', 'recipient soft', 'mailbox-full'],
  ['rcpt', "550 User's quota exceeded", 'recipient soft', 'mailbox-full'],
  ['rcpt', '450 <ann@example.net>: quota exceeded', 'recipient', 'mailbox-full'],
  ['rcpt', '550 Mailbox quota exceeded', 'recipient soft', 'mailbox-full'],
  ['rcpt', '550 mailbox size limit exceeded', 'recipient soft', 'mailbox-full'],
  ['rcpt', '552 Requested mail action aborted: exceeded storage allocation', 'recipient soft', 'mailbox-full'],
  ['rcpt', '550 over quota', 'recipient soft', 'mailbox-full'],
  ['dot', '452 4.2.2 <ann@example.net> Insufficient disk space; user mailbox is full', 'recipient', 'mailbox-full'],
  ['rcpt', '450 4.2.2 Mailbox full', 'recipient', 'mailbox-full'],
  // Closed, or busy with what others send them
  ['rcpt', '550 5.2.1 The email account that you tried to reach is disabled.', 'recipient soft', 'mailbox-unavailable'],
  [
    'rcpt',
    '550-5.2.1 The user you are trying to contact is receiving mail at a rate that\r\n550 5.2.1 prevents additional messages from being delivered.',
    'recipient soft',
    'later',
  ],
  [
    'rcpt',
    '450-4.2.1 The user you are trying to contact is receiving mail too quickly.\r\n450 4.2.1 Please resend your message at a later time.',
    'recipient',
    'later',
  ],
  [
    'dot',
    "554 5.2.121 Recipient's per hour message receive limit from this sender exceeded",
    'recipient soft',
    'later',
  ],
  ['dot', '432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded', 'recipient', 'later'],
  ['rcpt', '452 Too many messages for this recipient', 'recipient', 'later'],
  [
    'rcpt',
    '550 5.4.1 Recipient address rejected: Access denied. AS(201806281)',
    'recipient soft',
    'mailbox-unavailable',
  ],
  ['rcpt', '550 Requested action not taken: mailbox unavailable', 'recipient soft', 'mailbox-unavailable'],
  ['rcpt', '550 Unrouteable address', 'recipient soft', 'mailbox-unavailable'],
  // Greylisted, or not now
  [
    'rcpt',
    '450 4.2.0 <ann@example.net>: Recipient address rejected: Greylisted, see http://postgrey.example.com',
    'recipient',
    'greylisted',
  ],
  ['rcpt', '451 4.7.1 Greylisting in action, please come back later', 'recipient', 'greylisted'],
  [
    'rcpt',
    '451 Internal resources are temporarily unavailable - https://community.example.com/docs/DOC-1369',
    'recipient',
    'later',
  ],
  [
    'rcpt',
    '450 4.1.1 <ann@example.net>: Recipient address rejected: unverified address: connect timed out',
    'recipient',
    'no-mailbox',
  ],
  ['rcpt', '451 4.3.0 <ann@example.net>: Temporary lookup failure', 'recipient', 'later'],
  ['rcpt', '451 Temporary local problem - please try later', 'recipient', 'later'],
  ['rcpt', '451 4.7.1 Please try again later', 'recipient', 'greylisted'],
  // Closed lists and mailboxes that choose
  [
    'dot',
    '550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required',
    'recipient none',
    'not-wanted',
  ],
  ['rcpt', '550 5.7.1 RESOLVER.RST.AuthRequired; authentication required', 'recipient none', 'not-wanted'],
  ['rcpt', '550 5.7.1 You are not authorized to send to this group', 'recipient none', 'not-wanted'],
  ['rcpt', '550 5.7.124 Sender not in allowed-senders list for group', 'recipient none', 'not-wanted'],
  ['dot', '554 5.4.14 Hop count exceeded - possible mail loop ATTR34', 'recipient soft', 'mailbox-unavailable'],
];

/** What is nobody's but the connection's or the message's. */
const OTHERS: readonly Row[] = [
  ['mail', '552 5.3.4 Message size exceeds fixed limit', 'message', 'stop'],
  ['dot', '552 Message size limit exceeded', 'message', 'stop'],
  ['dot', '552 5.3.4 Header size limits exceeded', 'message', 'stop'],
  ['rcpt', '421 4.7.0 mx.example.net Error: too many errors', 'sender', 'slow-down'],
  ['mail', '452 4.3.1 Insufficient system storage', 'connection', 'back-off'],
  ['connect', '421 Service not available, closing transmission channel', 'connection', 'back-off'],
];

describe('a reply of a real server', () => {
  it.each(OURS)('that is about us is nobody’s fault but ours: %s %s', (phase, response, scope, meaning) => {
    expect(read(phase, response)).toEqual([scope, meaning]);
  });

  it.each(READERS)('that is about one reader stays theirs: %s %s', (phase, response, scope, meaning) => {
    expect(read(phase, response)).toEqual([scope, meaning]);
  });

  it.each(OTHERS)('that is about neither: %s %s', (phase, response, scope, meaning) => {
    expect(read(phase, response)).toEqual([scope, meaning]);
  });

  it('that stops a run says what a person can do', () => {
    for (const [phase, response, scope, meaning] of OURS) {
      if (meaning !== 'stop' || scope === 'message') continue;
      expect(classifyReply(replyFrom(response), phase), response).toHaveProperty('advice');
    }
  });
});

describe('the table of replies', () => {
  it('names the source of every row, and no row hides behind an earlier one of the same condition', () => {
    const conditions = REPLY_TABLE.map(({ phase, code, enhanced, bare, words, also, unless }) =>
      [phase, code, enhanced, bare, words, also, unless].map(String).join(' '),
    );
    expect(new Set(conditions).size).toBe(REPLY_TABLE.length);
    expect(REPLY_TABLE.filter(({ source }) => source.trim() === '')).toEqual([]);
  });

  it('has no pattern that backtracks: nothing is repeated within a repetition, and no dot without a bound', () => {
    for (const { words, also, unless } of REPLY_TABLE) {
      for (const { source } of [words, also, unless].filter((pattern) => pattern !== undefined)) {
        expect(source).not.toMatch(/\)[*+{]/);
        expect(source).not.toMatch(/\.[*+]|\.\{\d*,\}/);
      }
    }
  });
});
