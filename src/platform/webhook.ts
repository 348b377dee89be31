/** Notes to the editor as JSON posted to an address, signed so that the other side knows who it is from. */
import { createHmac } from 'node:crypto';
import type { Clock } from '../domain/ports/host.js';
import type { Notifier } from '../domain/ports/mail.js';

export interface WebhookOptions {
  readonly url: string;
  /** Absent: not signed. */
  readonly secret: string | undefined;
  readonly clock: Clock;
}

const TIMEOUT_MS = 10_000;

/** Rejects for every answer but a 2xx. The signature is `t=<seconds>,v1=<hex HMAC-SHA256 of "<seconds>.<body>">`. */
export function openWebhook({ url, secret, clock }: WebhookOptions): Notifier {
  return {
    async tell(note) {
      const body = JSON.stringify(note);
      const seconds = Math.floor(clock.now().getTime() / 1000);
      const headers: Record<string, string> = { 'Content-Type': 'application/json', 'User-Agent': 'Gazette' };
      if (secret !== undefined) {
        const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
        headers['Gazette-Signature'] = `t=${seconds},v1=${signature}`;
      }
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      // A redirect would send the note to an address that the operator did not choose.
      const answer = await fetch(url, { method: 'POST', body, headers, signal, redirect: 'error' });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`The address answered ${answer.status}.`);
    },
  };
}
