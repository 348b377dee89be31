/** Complaints, automatic replies, requests, and mails that mean nothing. */
import { ourHeader, plainText, type Sample, VERP } from './sample.js';

function arf(
  fields: string,
  returned = `Content-Type: message/rfc822\n\n${ourHeader('ann@example.net')}\nunsubscribe`,
): string {
  return `From: <feedback@example.net>\nTo: ${VERP}\nDate: Mon, 30 Nov 2026 09:00:00 +0000\nMessage-ID: <arf-1@example.net>\nSubject: FW: New posts\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary="a1"\n\n--a1\nContent-Type: text/plain\n\nThis is an abuse report.\n--a1\nContent-Type: message/feedback-report\n\n${fields}\n\n--a1\n${returned}\n--a1--\n`;
}

const QUOTED = `\n\n> ${ourHeader('ann@example.net').replaceAll('\n', '\n> ')}\n> To unsubscribe, follow this link.\n`;

function mail(head: string, text = `I am away until Monday.${QUOTED}`): string {
  return plainText(head, text);
}

export const OTHER_SAMPLES: readonly Sample[] = [
  {
    name: 'an abuse report',
    raw: arf('Feedback-Type: abuse\nUser-Agent: Example/1\nVersion: 1\nOriginal-Rcpt-To: <ann@example.net>'),
    says: [['ann@example.net', 'complaint']],
  },
  {
    name: 'a redacted one: only our header tells who',
    raw: arf(
      'Feedback-Type: Abuse\nUser-Agent: Example/1\nVersion: 1',
      `Content-Type: text/rfc822-headers\n\n${ourHeader('ann@example.net')}`,
    ),
    says: [['ann@example.net', 'complaint']],
  },
  {
    name: 'opt-out',
    raw: arf('Feedback-Type: opt-out\nUser-Agent: Example/1\nVersion: 1\nRemoval-Recipient: ann@example.net'),
    says: [['ann@example.net', 'complaint']],
  },
  {
    name: 'two recipients',
    raw: arf('Feedback-Type: abuse\nVersion: 1\nOriginal-Rcpt-To: ann@example.net\nOriginal-Rcpt-To: bob@example.net'),
    says: [
      ['ann@example.net', 'complaint'],
      ['bob@example.net', 'complaint'],
    ],
  },
  {
    name: 'fraud and virus',
    raw: arf('Feedback-Type: fraud\nVersion: 1\nOriginal-Rcpt-To: ann@example.net'),
    says: [['ann@example.net', 'complaint']],
  },
  {
    name: 'not spam',
    raw: arf('Feedback-Type: not-spam\nVersion: 1\nOriginal-Rcpt-To: ann@example.net'),
    says: [['ann@example.net', 'other']],
  },
  {
    name: 'failed authentication',
    raw: arf('Feedback-Type: auth-failure\nVersion: 1\nAuth-Failure: dkim\nOriginal-Rcpt-To: ann@example.net'),
    says: [['ann@example.net', 'other']],
  },
  {
    name: 'Outlook.com’s complaint',
    raw: `From: staff@hotmail.com\nTo: abuse@news.example.org\nSubject: complaint about message from 192.0.2.7\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=j\n\n--j\nContent-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: ann@outlook.example\n${ourHeader('ann@outlook.example')}\nx\n--j--\n`,
    says: [['ann@outlook.example', 'complaint']],
  },
  {
    name: 'out of office that quotes the whole issue',
    raw: mail(
      'From: Ann <ann@example.net>\nSubject: Automatic reply: New posts: how to unsubscribe from nothing\nAuto-Submitted: auto-replied',
    ),
    says: [['-', 'auto-reply']],
  },
  {
    name: 'an answer known by its header only',
    raw: mail('From: Ann <ann@example.net>\nSubject: Hello\nX-Autoreply: yes'),
    says: [['-', 'auto-reply']],
  },
  {
    name: 'precedence',
    raw: mail('From: Ann <ann@example.net>\nSubject: Re: New posts\nPrecedence: auto_reply'),
    says: [['-', 'auto-reply']],
  },
  {
    name: 'in German',
    raw: mail('From: Ann <ann@example.net>\nSubject: Abwesenheitsnotiz: New posts'),
    says: [['-', 'auto-reply']],
  },
  {
    name: 'in Japanese, encoded',
    raw: mail('From: Ann <ann@example.net>\nSubject: =?utf-8?B?6Ieq5YuV5b+c562U?='),
    says: [['-', 'auto-reply']],
  },
  {
    name: 'in French, encoded',
    raw: mail('From: Ann <ann@example.net>\nSubject: =?iso-8859-1?Q?R=E9ponse_automatique_:_New_posts?='),
    says: [['-', 'auto-reply']],
  },
  {
    name: 'an answer of somebody who has left, with words of bounces',
    raw: mail(
      'From: Ann <ann@example.net>\nSubject: Automatic reply: New posts\nAuto-Submitted: auto-replied',
      'I no longer work here. My mailbox does not exist any more and your message was not delivered to anybody.',
    ),
    says: [['-', 'auto-reply']],
  },
  {
    name: 'an answer that a program sends for somebody, with words of bounces',
    raw: mail(
      'From: Mail Delivery System <postmaster@example.net>\nSubject: Automatic reply: New posts',
      'Your message could not be delivered to me, I am away.',
    ),
    says: [['-', 'auto-reply']],
  },
  {
    name: 'a challenge',
    raw: mail(
      'From: Ann <ann@example.net>\nSubject: Re: New posts [please confirm]\nX-Spamarrest-info: x\nAuto-Submitted: auto-replied',
      `Please confirm that you are a person.${QUOTED}`,
    ),
    says: [['-', 'auto-reply']],
  },
  {
    name: 'a read receipt',
    raw: `From: ann@example.net\nTo: ${VERP}\nSubject: Read: New posts\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=disposition-notification; boundary=m\n\n--m\nContent-Type: text/plain\n\nRead.\n--m\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; ann@example.net\nDisposition: manual-action/MDN-sent-manually; displayed\n\n--m--\n`,
    says: [['-', 'other']],
  },
  {
    name: 'a person answers',
    raw: mail(
      'From: Ann <ann@example.net>\nSubject: Re: New posts',
      `Thank you! By the way, my mail to bob@example.net failed: user unknown.${QUOTED}`,
    ),
    says: [['-', 'other']],
  },
  {
    name: 'a person asks what a bounce means',
    raw: mail(
      'From: Ann <ann@example.net>\nSubject: Re: Delivery Status Notification (Failure)',
      'I got "550 5.1.1 user unknown" for bob@example.net, delivery failed permanently. Help?',
    ),
    says: [['-', 'other']],
  },
  {
    name: 'a request for no more mail',
    raw: mail('From: Ann <ann@example.net>\nSubject: unsubscribe', ''),
    says: [['-', 'unsubscribe']],
  },
  {
    name: 'a subject that only mentions it',
    raw: mail('From: Ann <ann@example.net>\nSubject: how do I unsubscribe bob?', 'unsubscribe'),
    says: [['-', 'other']],
  },
  {
    name: 'spam sent to the address',
    raw: mail('From: Deals <deals@shop.example>\nSubject: 50% off', 'Buy now. Unsubscribe here. Unknown user prices!'),
    says: [['-', 'other']],
  },
  { name: 'nothing at all', raw: '', says: [['-', 'other']] },
  { name: 'no header', raw: '\n\nhello\n', says: [['-', 'other']] },
  {
    name: 'bytes that are no text',
    raw: Uint8Array.from({ length: 3000 }, (_, index) => (index * 37) % 256),
    says: [['-', 'other']],
  },
];
