/** Reads many mails that came back, and counts what they say. */
import type { ReadReturnedMail } from '../domain/ports/feedback.js';
import type { FeedbackEvent, Tie } from '../domain/ports/feedback-store.js';
import type { Clock, Files } from '../domain/ports/host.js';
import { mailsAt, mailsIn } from './mail-files.js';
import type { ReportTaker } from './take-reports.js';

export interface ReadMailsDeps {
  readonly read: ReadReturnedMail;
  readonly taker: ReportTaker;
  readonly files: Pick<Files, 'list' | 'stream'>;
  readonly clock: Pick<Clock, 'now'>;
}

export interface ReadMailsRequest {
  /** A path, or the bytes of mails. */
  readonly from: string | AsyncIterable<Uint8Array>;
  /** Whom the envelope of all of them named. */
  readonly recipients?: readonly string[];
  readonly signal?: AbortSignal;
  onProgress?(mails: number): void;
}

/** What was read, counted by reports. */
export interface ReadMailsReport {
  readonly mails: number;
  readonly reports: number;
  /** Reports that had been taken before. */
  readonly known: number;
  readonly ties: { readonly [tie in Tie]: number };
  /** Of all reports: `hard`, `soft`, `policy` for bounces, else their kind. */
  readonly kinds: { readonly [kind: string]: number };
  readonly suppressed: number;
  readonly unsubscribed: number;
}

/** Enough reports for one transaction. */
const AT_ONCE = 100;

export function openReadMails({ read, taker, files, clock }: ReadMailsDeps) {
  return async ({ from, recipients = [], signal, onProgress }: ReadMailsRequest): Promise<ReadMailsReport> => {
    const counts = { mails: 0, reports: 0, known: 0, suppressed: 0, unsubscribed: 0 };
    const ties: { [tie in Tie]: number } = { tied: 0, forged: 0, untied: 0 };
    const kinds: { [kind: string]: number } = {};
    let waiting: Awaited<ReturnType<ReadReturnedMail>>[number][] = [];
    const take = async () => {
      const { events, fresh, suppressed, unsubscribed } = await taker.take(waiting, clock.now());
      waiting = [];
      counts.reports += events.length;
      counts.known += events.length - fresh.size;
      counts.suppressed += suppressed;
      counts.unsubscribed += unsubscribed;
      for (const event of events) {
        ties[event.tie] += 1;
        kinds[kindOf(event)] = (kinds[kindOf(event)] ?? 0) + 1;
      }
    };
    for await (const raw of typeof from === 'string' ? mailsAt(files, from) : mailsIn(from)) {
      signal?.throwIfAborted();
      counts.mails += 1;
      waiting.push(...(await read({ raw, recipients })));
      if (waiting.length >= AT_ONCE) await take();
      onProgress?.(counts.mails);
    }
    if (waiting.length > 0) await take();
    return { ...counts, ties, kinds };
  };
}

function kindOf({ finding }: FeedbackEvent): string {
  return finding.kind === 'bounce' ? finding.bounce : finding.kind;
}
