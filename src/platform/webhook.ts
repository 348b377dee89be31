/** Notes to the editor as JSON posted to an address, signed so that the other side knows who it is from. */
import { createHmac } from 'node:crypto';
import type { Clock } from '../domain/ports/host.js';
import type { Notifier } from '../domain/ports/mail.js';
import { type ExchangeEnd, toOwnAddress, type WebClient } from './web-client.js';

export interface WebhookOptions {
  readonly url: string;
  /** Absent: not signed. */
  readonly secret: string | undefined;
  readonly clock: Pick<Clock, 'now'>;
  readonly client: WebClient;
}

/** Rejects for every answer but a 2xx. The signature is `t=<seconds>,v1=<hex HMAC-SHA256 of "<seconds>.<body>">`. */
export function openWebhook({ url, secret, clock, client }: WebhookOptions): Notifier {
  return {
    async tell(note) {
      const body = JSON.stringify(note);
      const seconds = Math.floor(clock.now().getTime() / 1000);
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (secret !== undefined) {
        const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
        headers['gazette-signature'] = `t=${seconds},v1=${signature}`;
      }
      // A redirect would send the note to an address that the operator did not choose; a private one they may choose.
      const end = await client.exchange({ ...toOwnAddress(url), method: 'POST', headers, body });
      if (end.kind !== 'answered') throw new Error(`The address cannot be reached: ${textOf(end)}.`);
      if (end.status < 200 || end.status > 299) throw new Error(`The address answered ${end.status}.`);
    },
  };
}

function textOf(end: Exclude<ExchangeEnd, { kind: 'answered' }>): string {
  return end.kind === 'failed' ? end.text : `it is refused (${end.why})`;
}
