/** Delivery status notifications. */
import { dsnText, ourHeader, type Sample } from './sample.js';

const MTA = 'Reporting-MTA: dns; mx.example.net\nArrival-Date: Mon, 30 Nov 2026 08:00:01 +0000\n\n';

function status(recipient: string, action: string, code: string, diagnosis = ''): string {
  return `Final-Recipient: rfc822; ${recipient}\nAction: ${action}\nStatus: ${code}\n${diagnosis === '' ? '' : `Diagnostic-Code: ${diagnosis}\n`}`;
}

export const DSN_SAMPLES: readonly Sample[] = [
  {
    name: 'Postfix, unknown user',
    raw: dsnText({
      status:
        MTA +
        status(
          'ann@example.net',
          'failed',
          '5.1.1',
          'smtp; 550 5.1.1 <ann@example.net>: Recipient address rejected: User unknown in virtual mailbox table',
        ),
    }),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'Postfix marks its bounces as automatic replies',
    raw: dsnText({
      headers: 'Auto-Submitted: auto-replied\n',
      status: MTA + status('ann@example.net', 'failed', '5.1.1', 'x-unix; user unknown'),
    }),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'a domain that does not exist',
    raw: dsnText({
      status:
        MTA +
        status(
          'ann@gone.example',
          'failed',
          '5.4.4',
          'X-Postfix; Host or domain name not found. Name service error for name=gone.example type=A: Host not found',
        ),
    }),
    says: [['ann@gone.example', 'hard']],
  },
  {
    name: 'a domain whose name server was down for days',
    raw: dsnText({
      status:
        MTA +
        status(
          'ann@example.net',
          'failed',
          '4.4.3',
          'X-Postfix; Host or domain name not found. Name service error for name=example.net type=MX: Host not found, try again',
        ),
    }),
    says: [['ann@example.net', 'soft']],
  },
  {
    name: 'a full mailbox',
    raw: dsnText({
      status:
        MTA + status('ann@example.net', 'failed', '5.2.2', 'smtp; 552 5.2.2 <ann@example.net>: Mailbox over quota'),
    }),
    says: [['ann@example.net', 'soft']],
  },
  {
    name: 'the status is generic and the diagnosis holds the reply',
    raw: dsnText({ status: MTA + status('ann@example.net', 'failed', '5.0.0', 'smtp; 550 No such user here') }),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'the status says unknown and the diagnosis says blocked',
    raw: dsnText({
      status:
        MTA +
        status(
          'ann@example.net',
          'failed',
          '5.1.1',
          'smtp; 550 Your message was rejected because your server is listed at a block list, see https://rbl.example/',
        ),
    }),
    says: [['ann@example.net', 'policy']],
  },
  {
    name: 'a policy',
    raw: dsnText({
      status:
        MTA +
        status(
          'ann@example.net',
          'failed',
          '5.7.1',
          'smtp; 550 5.7.1 Our system has detected that this message is likely unsolicited mail',
        ),
    }),
    says: [['ann@example.net', 'policy']],
  },
  {
    name: 'DMARC',
    raw: dsnText({
      status:
        MTA +
        status(
          'ann@example.net',
          'failed',
          '5.7.26',
          'smtp; 550 5.7.26 Unauthenticated email from news.example.org is not accepted due to domain DMARC policy',
        ),
    }),
    says: [['ann@example.net', 'policy']],
  },
  {
    name: 'a message that is too large is no fault of the reader',
    raw: dsnText({
      status:
        MTA +
        status('ann@example.net', 'failed', '5.3.4', 'smtp; 552 5.3.4 Message size exceeds fixed maximum message size'),
    }),
    says: [['ann@example.net', 'policy']],
  },
  {
    name: 'delayed is no bounce',
    raw: dsnText({
      status: `${MTA}${status('ann@example.net', 'delayed', '4.4.1', 'smtp; connect to mx.example.net[192.0.2.1]:25: Connection timed out')}Will-Retry-Until: Fri, 4 Dec 2026 08:00:01 +0000\n`,
    }),
    says: [['ann@example.net', 'delayed']],
  },
  {
    name: 'delivered, with a status of success',
    raw: dsnText({ status: MTA + status('ann@example.net', 'delivered', '2.1.5', 'smtp; 250 2.1.5 Ok') }),
    says: [['ann@example.net', 'delivered']],
  },
  {
    name: 'relayed and expanded',
    raw: dsnText({
      status: `${MTA}${status('ann@example.net', 'relayed', '2.0.0')}\n${status('list@example.net', 'expanded', '2.0.0')}`,
    }),
    says: [
      ['ann@example.net', 'delivered'],
      ['list@example.net', 'delivered'],
    ],
  },
  {
    name: 'given up after five days',
    raw: dsnText({
      status:
        MTA +
        status(
          'ann@example.net',
          'failed',
          '4.4.7',
          'smtp; delivery temporarily suspended: connect to mx.example.net: Connection timed out',
        ),
    }),
    says: [['ann@example.net', 'soft']],
  },
  {
    name: 'several recipients with different fates',
    raw: dsnText({
      status: `${MTA}${status('ann@example.net', 'failed', '5.1.1', 'smtp; 550 5.1.1 user unknown')}\n${status('bob@example.net', 'failed', '5.2.2', 'smtp; 552 5.2.2 mailbox full')}\n${status('cat@example.net', 'delayed', '4.2.0')}\n${status('dan@example.net', 'delivered', '2.0.0')}`,
    }),
    says: [
      ['ann@example.net', 'hard'],
      ['bob@example.net', 'soft'],
      ['cat@example.net', 'delayed'],
      ['dan@example.net', 'delivered'],
    ],
  },
  {
    name: 'two recipients without a blank line between them',
    raw: dsnText({
      status: `${MTA}${status('ann@example.net', 'failed', '5.1.1')}${status('bob@example.net', 'failed', '5.2.2')}`,
    }),
    says: [
      ['ann@example.net', 'hard'],
      ['bob@example.net', 'soft'],
    ],
  },
  {
    name: 'folded fields in odd case, with comments and angle brackets',
    raw: dsnText({
      status: `REPORTING-MTA : dns;mx\n\nfinal-RECIPIENT: RFC822;\n\t<Ann@example.net> (Ann)\nACTION: Failed (mailbox)\nstatus: 5.1.1 (Bad destination\n mailbox address)\nDIAGNOSTIC-code: SMTP;\n 550 5.1.1\n  unknown\n`,
    }),
    says: [['Ann@example.net', 'hard']],
  },
  {
    name: 'the original recipient is the reader, the final one where it was forwarded to',
    raw: dsnText({
      status: `${MTA}Original-Recipient: rfc822;ann@example.net\nFinal-Recipient: rfc822;ann@elsewhere.example\nAction: failed\nStatus: 5.1.1\n`,
    }),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'repeated diagnoses, of which one says something',
    raw: dsnText({
      status: `${MTA}Final-Recipient: rfc822; ann@example.net\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: x-local; see above\nDiagnostic-Code: smtp; 550 5.1.1 no such mailbox\n`,
    }),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'an internationalised address (RFC 6533)',
    raw: dsnText({
      status: `${MTA}Final-Recipient: utf-8; j\\x{F6}rg@example.net\nAction: failed\nStatus: 5.1.1\n`,
    }).replace('message/delivery-status', 'message/global-delivery-status'),
    says: [['jörg@example.net', 'hard']],
  },
  {
    name: 'no third part',
    raw: dsnText({ status: MTA + status('ann@example.net', 'failed', '5.1.1'), returned: '' }),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'the third part is the whole message, which talks of unsubscribing',
    raw: dsnText({
      status: MTA + status('ann@example.net', 'failed', '5.1.1'),
      returned: `Content-Type: message/rfc822\n\n${ourHeader('ann@example.net')}\nunsubscribe unsubscribe`,
    }),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'only the fields are left of the form',
    raw: `From: <>\nTo: x@news.example.org\nSubject: failure\n\nIt did not work.\n\nFinal-Recipient: rfc822; ann@example.net\nAction: failed\nStatus: 5.1.1\n`,
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'the part is called text, and the report’s type is in capitals',
    raw: dsnText({ status: MTA + status('ann@example.net', 'failed', '5.1.1') })
      .replace('multipart/report; report-type=delivery-status', 'MULTIPART/REPORT; REPORT-TYPE=DELIVERY-STATUS')
      .replace('message/delivery-status', 'text/plain'),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'a broken MIME type',
    raw: dsnText({ status: MTA + status('ann@example.net', 'failed', '5.1.1') }).replace(
      'multipart/report;',
      'multipart/mx6d;',
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'no boundary',
    raw: dsnText({ status: MTA + status('ann@example.net', 'failed', '5.1.1') }).replace('; boundary="b1"', ''),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'a report part in base64',
    raw: dsnText({ status: '' }).replace(
      /Content-Type: message\/delivery-status\n\n\n/,
      `Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n${Buffer.from(MTA + status('ann@example.net', 'failed', '5.1.1')).toString('base64')}\n`,
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'bare carriage returns',
    raw: dsnText({ status: MTA + status('ann@example.net', 'failed', '5.1.1') }).replaceAll('\n', '\r'),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'CRLF',
    raw: dsnText({ status: MTA + status('ann@example.net', 'failed', '5.1.1') }).replaceAll('\n', '\r\n'),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'a report that somebody forwarded',
    raw: `From: postmaster@news.example.org\nTo: x@news.example.org\nSubject: for you\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: text/plain\n\nSee below.\n--o\nContent-Type: message/rfc822\n\n${dsnText({ status: MTA + status('ann@example.net', 'failed', '5.1.1') })}\n--o--\n`,
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'Exchange 2019, in its own words',
    raw: dsnText({
      from: 'postmaster@example.net',
      text: 'Delivery has failed to these recipients or groups:\n\nann@example.net\nThe e-mail address you entered could not be found.',
      status: `Reporting-MTA: dns;ex1.example.net\n\nFinal-recipient: RFC822; ann@example.net\nAction: failed\nStatus: 5.1.1\nDiagnostic-code: smtp;550 5.1.1 RESOLVER.ADR.RecipNotFound; not found\nX-Display-Name: Ann\n`,
    }),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'Office 365: a closed group',
    raw: dsnText({
      status: `${MTA}${status('team@example.net', 'failed', '5.7.133', 'smtp;550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required')}`,
    }),
    says: [['team@example.net', 'policy']],
  },
  {
    name: 'Office 365: not in the directory',
    raw: dsnText({
      status:
        MTA +
        status(
          'ann@example.net',
          'failed',
          '5.4.1',
          'smtp;550 5.4.1 Recipient address rejected: Access denied. AS(201806281)',
        ),
    }),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'SES: a mailbox that is shut',
    raw: dsnText({
      from: 'MAILER-DAEMON@amazonses.com',
      text: 'An error occurred while trying to deliver the mail to the following recipients:\nann@example.net',
      status: `Reporting-MTA: dns; a8-1.smtp-out.amazonses.com\n\nAction: failed\nFinal-Recipient: rfc822; ann@example.net\nDiagnostic-Code: smtp; 550 5.2.1 The email account that you tried to reach is disabled\nStatus: 5.2.1\n`,
    }),
    says: [['ann@example.net', 'soft']],
  },
  {
    name: 'too many messages: our pace, not the reader',
    raw: dsnText({
      status: MTA + status('ann@example.net', 'failed', '5.7.1', 'smtp; 550 5.4.5 Daily sending quota exceeded'),
    }),
    says: [['ann@example.net', 'policy']],
  },
  {
    name: 'a domain that takes no mail',
    raw: dsnText({
      status: MTA + status('ann@example.net', 'failed', '5.1.10', 'smtp; 556 5.1.10 Recipient address has null MX'),
    }),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'nobody named but by the header of our message',
    raw: dsnText({ status: `${MTA}Final-Recipient: unknown;\nAction: failed\nStatus: 5.1.1\n` }),
    says: [['ann@example.net', 'hard']],
  },
];
