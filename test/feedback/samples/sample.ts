/** A mail that came back, written for these tests from the documented form of a system, and what it says. */
export interface Sample {
  readonly name: string;
  readonly raw: string | Uint8Array;
  /** Each recipient with what is said about them; `-` where none is named. */
  readonly says: readonly (readonly [recipient: string, finding: SampleFinding])[];
}

export type SampleFinding =
  | 'hard'
  | 'soft'
  | 'policy'
  | 'delayed'
  | 'delivered'
  | 'complaint'
  | 'unsubscribe'
  | 'auto-reply'
  | 'other';

/** Our signed envelope sender, as the samples show it. */
export const VERP = 'bounces+k1-1-a-aaaabbbbccccdddd@news.example.org';

/** The header of an issue of ours, as a report returns it. @param to its reader */
export function ourHeader(to: string): string {
  return `Return-Path: <${VERP}>
Received: from news.example.org by mx.example.net with ESMTP id 77
Message-ID: <0123456789abcdef0123456789abcdef@news.example.org>
Date: Mon, 30 Nov 2026 08:00:00 +0000
From: The Weekly <weekly@news.example.org>
To: ${to}
Subject: New posts: how to unsubscribe from nothing
List-Unsubscribe: <https://news.example.org/u/k1.weekly.asigned>
Feedback-ID: weekly-7:weekly:gazette
MIME-Version: 1.0
Content-Type: text/plain
`;
}

export interface DsnText {
  readonly from?: string;
  readonly headers?: string;
  readonly text?: string;
  /** The groups of fields of the second part. */
  readonly status: string;
  readonly to?: string;
  /** The third part; empty for none. */
  readonly returned?: string;
}

/** A report in the form of RFC 3464. */
export function dsnText({
  from,
  headers = '',
  text = 'Your mail was not delivered.',
  status,
  to = 'ann@example.net',
  returned,
}: DsnText): string {
  const third = returned ?? `Content-Type: text/rfc822-headers\n\n${ourHeader(to)}`;
  return `From: ${from ?? 'Mail Delivery System <MAILER-DAEMON@mx.example.net>'}
To: ${VERP}
Date: Mon, 30 Nov 2026 08:05:00 +0000
Message-ID: <dsn-1@mx.example.net>
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"
${headers}
--b1
Content-Type: text/plain; charset=us-ascii

${text}

--b1
Content-Type: message/delivery-status

${status}

${third === '' ? '' : `--b1\n${third}\n`}--b1--
`;
}

/** A report that is only text, with our header below it. */
export function plainText(head: string, text: string, returned = ''): string {
  return `To: ${VERP}\nDate: Mon, 30 Nov 2026 08:05:00 +0000\nMessage-ID: <plain-1@mx.example.net>\n${head}\n\n${text}\n${returned}`;
}
