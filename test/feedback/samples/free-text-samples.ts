/** Bounces that are only text, in the words of the systems that write them. */
import { ourHeader, plainText, type Sample, VERP } from './sample.js';

const OURS = ourHeader('ann@example.net');

export const FREE_TEXT_SAMPLES: readonly Sample[] = [
  {
    name: 'qmail, two recipients',
    raw: plainText(
      'From: MAILER-DAEMON@mx.example.net\nSubject: failure notice',
      "Hi. This is the qmail-send program at mx.example.net.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<ann@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n<bob@full.example>:\n192.0.2.9 does not like recipient.\nRemote host said: 552 Mailbox of user is full, quota exceeded\nGiving up on 192.0.2.9.\n\n--- Below this line is a copy of the message.\n",
      OURS,
    ),
    says: [
      ['ann@example.net', 'hard'],
      ['bob@full.example', 'soft'],
    ],
  },
  {
    name: 'qmail, no such host',
    raw: plainText(
      'From: MAILER-DAEMON@mx.example.net\nSubject: failure notice',
      "Hi. This is the qmail-send program at mx.example.net.\n\n<ann@gone.example>:\nSorry, I couldn't find any host named gone.example. (#5.1.2)\n\n--- Below this line is a copy of the message.\n",
      OURS,
    ),
    says: [['ann@gone.example', 'hard']],
  },
  {
    name: 'qmail, connection failed',
    raw: plainText(
      'From: MAILER-DAEMON@mx.example.net\nSubject: failure notice',
      "Hi. This is the qmail-send program at mx.example.net.\n\n<ann@example.net>:\nSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\nI'm not going to try again; this message has been in the queue too long.\n",
      OURS,
    ),
    says: [['ann@example.net', 'soft']],
  },
  {
    name: 'Exim, with its header, marked as automatic',
    raw: plainText(
      'From: Mail Delivery System <Mailer-Daemon@mx.example.net>\nAuto-Submitted: auto-replied\nX-Failed-Recipients: ann@example.net\nSubject: Mail delivery failed: returning message to sender',
      'This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  ann@example.net\n    SMTP error from remote mail server after RCPT TO:<ann@example.net>:\n    host mx.example.net [192.0.2.1]: 550 5.1.1 User unknown\n\n------ This is a copy of the message, including all the headers. ------\n\n',
      OURS,
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'Exim, an address without a route, without its header',
    raw: plainText(
      'From: Mail Delivery System <Mailer-Daemon@mx.example.net>\nSubject: Mail delivery failed: returning message to sender',
      'This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  ann@example.net\n    Unrouteable address\n\n------ This is a copy of the message, including all the headers. ------\n',
      OURS,
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'Exim still tries',
    raw: plainText(
      'From: Mail Delivery System <Mailer-Daemon@mx.example.net>\nAuto-Submitted: auto-replied\nSubject: Warning: message 1aB delayed 24 hours',
      'This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.example.net.\n\nThe address to which the message has not yet been delivered is:\n\n  ann@example.net\n\nNo action is required on your part. Delivery attempts will continue for\nsome time.\n',
    ),
    says: [['ann@example.net', 'delayed']],
  },
  {
    name: 'Sendmail without a form',
    raw: plainText(
      'From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>\nSubject: Returned mail: see transcript for details',
      'The original message was received at Mon, 30 Nov 2026 08:00:01 GMT\nfrom news.example.org [192.0.2.7]\n\n   ----- The following addresses had permanent fatal errors -----\n<ann@example.net>\n    (reason: 550 5.1.1 <ann@example.net>... User unknown)\n\n   ----- Transcript of session follows -----\n... while talking to mx.example.net.:\n>>> DATA\n<<< 550 5.1.1 <ann@example.net>... User unknown\n550 5.1.1 <ann@example.net>... User unknown\n',
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'Sendmail warns',
    raw: plainText(
      'From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>\nSubject: Warning: could not send message for past 4 hours',
      '    **********************************************\n    **      THIS IS A WARNING MESSAGE ONLY      **\n    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n    **********************************************\n\nThe original message was received at Mon, 30 Nov 2026 08:00:01 GMT\n\n   ----- The following addresses had transient non-fatal errors -----\n<ann@example.net>\n\n   ----- Transcript of session follows -----\n<ann@example.net>... Deferred: Connection timed out with mx.example.net.\nWarning: message still undelivered after 4 hours\nWill keep trying until message is 5 days old\n',
    ),
    says: [['ann@example.net', 'delayed']],
  },
  {
    name: 'Exchange 5.5',
    raw: plainText(
      'From: System Administrator <postmaster@example.net>\nSubject: Undeliverable: New posts',
      'Your message\n\n  To:      Ann\n  Subject: New posts\n  Sent:    Mon, 30 Nov 2026 08:00:00\n\ndid not reach the following recipient(s):\n\nann@example.net on Mon, 30 Nov 2026 08:01:00\n    The recipient name is not recognized\n\tThe MTS-ID of the original message is: c=us;a= ;p=example\n    MSEXCH:IMS:EXAMPLE:SITE:SRV 0 (000C05A6) Unknown Recipient\n',
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'Exchange 2003, with a code like #5.1.1',
    raw: plainText(
      'From: postmaster@example.net\nSubject: Undeliverable: New posts',
      'Your message did not reach some or all of the intended recipients.\n\nThe following recipient(s) could not be reached:\n\n      ann@example.net on 11/30/2026 8:01 AM\n            The e-mail account does not exist at the organization this message was sent to.  Check the e-mail address, or contact the recipient directly to find out the correct address.\n            <mx.example.net #5.1.1>\n',
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'Office 365, HTML only',
    raw: plainText(
      'From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.net>\nSubject: Undeliverable: New posts\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8',
      '<html><head><style>p {color: red}</style></head><body><p>Your message to <b>ann@example.net</b> couldn&#39;t be delivered.</p><table><tr><td>ann wasn&#39;t found at example.net.</td></tr></table><p>Diagnostic information for administrators:</p><p>Generating server: AM1PR01.prod.outlook.com</p><p>ann@example.net<br>Remote Server returned &#39;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ann@example.net not found by SMTP address lookup&#39;</p></body></html>',
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'Gmail, an address that is not there',
    raw: plainText(
      'From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\nSubject: Delivery Status Notification (Failure)',
      "** Address not found **\n\nYour message wasn't delivered to ann@example.net because the address couldn't be found, or is unable to receive mail.\n\nThe response from the remote server was:\n550 5.1.1 The email account that you tried to reach does not exist.\n",
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'Gmail, its older form',
    raw: plainText(
      'From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\nSubject: Delivery Status Notification (Failure)',
      'Delivery to the following recipient failed permanently:\n\n     ann@example.net\n\nTechnical details of permanent failure: \nGoogle tried to deliver your message, but it was rejected by the recipient domain. The error that the other server returned was: 550 550 5.1.1 <ann@example.net>: Recipient address rejected: User unknown (state 14).\n\n----- Original message -----\n\n',
      OURS,
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'Gmail, delayed',
    raw: plainText(
      'From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\nSubject: Delivery Status Notification (Delay)',
      '** Delivery incomplete **\n\nThere was a temporary problem delivering your message to ann@example.net. Gmail will retry for 46 more hours. You will be notified if the delivery fails permanently.\n',
    ),
    says: [['ann@example.net', 'delayed']],
  },
  {
    name: 'Yahoo',
    raw: plainText(
      'From: MAILER-DAEMON@yahoo.com\nSubject: Failure Notice',
      "Sorry, we were unable to deliver your message to the following address.\n\n<ann@yahoo.example>:\nRemote host said: 554 delivery error: dd This user doesn't have a yahoo.example account (ann@yahoo.example) [0] - mta1.mail.yahoo.example [BODY]\n\n--- Below this line is a copy of the message.\n\n",
      OURS,
    ),
    says: [['ann@yahoo.example', 'hard']],
  },
  {
    name: 'Yahoo, an account that was shut',
    raw: plainText(
      'From: MAILER-DAEMON@yahoo.com\nSubject: Failure Notice',
      'Sorry, we were unable to deliver your message to the following address.\n\n<ann@yahoo.example>:\n554: delivery error: dd This mailbox is disabled (554.30). - mta1.mail.yahoo.example\n',
    ),
    says: [['ann@yahoo.example', 'soft']],
  },
  {
    name: 'Postfix without a form',
    raw: plainText(
      'From: MAILER-DAEMON@mx.example.net (Mail Delivery System)\nSubject: Undelivered Mail Returned to Sender',
      "This is the mail system at host mx.example.net.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients. It's attached below.\n\n<ann@example.net>: host mail.example.net[192.0.2.1] said: 550 5.1.1\n    <ann@example.net>: Recipient address rejected: undeliverable address: User\n    unknown (in reply to RCPT TO command)\n",
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'Postfix in Spanish',
    raw: plainText(
      'From: MAILER-DAEMON@mx.example.net\nSubject: Correo no entregado\nMIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit',
      'Este es el sistema de correo en mx.example.net.\n\nNo se pudo entregar su mensaje a los siguientes destinatarios:\n\n<ann@example.net>: usuario desconocido',
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'a Japanese carrier in ISO-2022-JP',
    raw: Buffer.concat([
      Buffer.from(
        plainText(
          'From: MAILER-DAEMON@docomo.example\nSubject: System Error Mail\nMIME-Version: 1.0\nContent-Type: text/plain; charset=ISO-2022-JP',
          '',
        ),
      ),
      // “The following address could not be delivered to: unknown destination”, in JIS X 0208.
      Buffer.from(
        '\u001b$B<!$N08@h$KAw?.$G$-$^$;$s$G$7$?!#\u001b(B\n\n<ann@docomo.example>\n\u001b$B08@hITL@\u001b(B\n550 Unknown user ann@docomo.example\n',
        'latin1',
      ),
    ]),
    says: [['ann@docomo.example', 'hard']],
  },
  {
    name: 'au: the user’s account is shut for now',
    raw: plainText(
      'From: Mail Administrator <Postmaster@ezweb.example>\nSubject: Mail System Error - Returned Mail',
      'The user(s) account is temporarily limited.\n\n<ann@ezweb.example>\n',
    ),
    says: [['ann@ezweb.example', 'soft']],
  },
  {
    name: 'Domino',
    raw: plainText(
      'From: Postmaster@example.net\nSubject: DELIVERY FAILURE: User ann (ann@example.net) not listed in Domino Directory',
      '*** Delivery Failure Report\n\nYour message\n\n  Subject: New posts\n\nwas not delivered to:\n\n  ann@example.net\n\nbecause:\n\n  User ann (ann@example.net) not listed in Domino Directory\n',
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'GroupWise',
    raw: plainText(
      'From: Mail Delivery System <postmaster@example.net>\nSubject: Message status - undeliverable',
      'The message that you sent was undeliverable to the following:\n\tann@example.net (550 No such recipient)\n\nPossibly truncated original message follows:\n\n',
      OURS,
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'an X.400 gateway',
    raw: plainText(
      'From: postmaster@example.net\nSubject: Delivery Report (failure) for ann@example.net',
      'This report relates to your message: Subject: New posts,\n\nYour message was not delivered to\n  ann@example.net\n  for the following reason:\n  Diagnostic was unable to transfer: Unrecognised address\n  Unknown Address\n',
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'Oracle',
    raw: plainText(
      'From: Internet Mail Delivery <postmaster@example.net>\nSubject: Delivery Notification: Delivery has failed',
      'This report relates to a message you sent with the following header fields:\n\n  Message-id: <x@news.example.org>\n  Subject: New posts\n\nYour message cannot be delivered to the following recipients:\n\n  Recipient address: ann@example.net\n  Reason: Remote SMTP server has rejected address\n  Diagnostic code: smtp;550 5.1.1 unknown or illegal alias: ann@example.net\n',
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'IMail',
    raw: plainText(
      'From: Postmaster <postmaster@example.net>\nX-Mailer: <SMTP32 v8.22>\nSubject: Undeliverable Mail',
      'Unknown user: ann@example.net\n\n\nOriginal message follows.\n\n',
      OURS,
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'a mail about a full mailbox, from IMail',
    raw: plainText(
      'From: Postmaster <postmaster@example.net>\nSubject: Undeliverable Mail',
      'User mailbox exceeds allowed size: ann@example.net\n\nOriginal message follows.\n\n',
      OURS,
    ),
    says: [['ann@example.net', 'soft']],
  },
  {
    name: 'the same in German',
    raw: plainText(
      'From: Mail Delivery System <mailer-daemon@example.net>\nSubject: Nicht zustellbar: New posts\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8',
      'Ihre Nachricht konnte nicht zugestellt werden.\n\nann@example.net\nDer Empfänger ist unbekannt.\n',
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'a misspelt charset',
    raw: plainText(
      'From: MAILER-DAEMON@mx.example.net\nSubject: failure notice\nMIME-Version: 1.0\nContent-Type: text/plain; charset="uft-8"',
      'Hi. This is the qmail-send program at mx.example.net.\n\n<ann@example.net>:\nDieser Empfänger existiert nicht. 550 5.1.1 user unknown\n',
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'UTF-7',
    raw: plainText(
      'From: postmaster@example.net\nSubject: Undeliverable\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-7',
      'Your message\n\ndid not reach the following recipient(s):\n\nann+AEA-example.net on Mon, 30 Nov 2026\n    The recipient was unavailable to take delivery +ACM-5.1.1 user unknown\n',
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'blocked for what we send',
    raw: plainText(
      'From: MAILER-DAEMON@mx.example.net\nSubject: failure notice',
      'Hi. This is the qmail-send program at mx.example.net.\n\n<ann@example.net>:\nRemote host said: 554 5.7.1 Message rejected as spam by content filter\n',
    ),
    says: [['ann@example.net', 'policy']],
  },
  {
    name: 'a report that names nobody but returns our header',
    raw: plainText(
      'From: MAILER-DAEMON@mx.example.net\nSubject: Mail delivery failed',
      'Mail delivery failed: no such user here.\n\n----- Original message -----\n\n',
      OURS,
    ),
    says: [['ann@example.net', 'hard']],
  },
  {
    name: 'our own addresses in a report are not its recipient',
    raw: plainText(
      'From: MAILER-DAEMON@mx.example.net\nSubject: Undeliverable mail',
      `Delivery of your mail from <weekly@news.example.org> (${VERP}) to ann@example.net failed: user unknown.\n`,
    ),
    says: [['ann@example.net', 'hard']],
  },
];
