/** Nothing is sent for real before everything that readers need is set (rule: ready-to-send). */
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Transport } from '../domain/ports/mail.js';

export interface ReadyDeps {
  /** What a real send still lacks, for people; empty when ready. */
  readonly missingForSending: readonly string[];
  transport(): Pick<Transport, 'local'>;
}

/**
 * Throws `send.not-ready` when something that readers need is missing. Loopback and file transports are for trying out, and
 * exempt.
 * @param newsletter of the issue; absent for mails that belong to none
 */
export function refuseUnready({ missingForSending, transport }: ReadyDeps, newsletter?: Newsletter): void {
  const missing = [
    ...missingForSending,
    ...(newsletter && !newsletter.postalAddress ? [`give newsletter “${newsletter.id}” a postalAddress`] : []),
  ];
  if (missing.length === 0 || transport().local) return;
  throw new GazetteError('send.not-ready', `Before a real send: ${missing.join('; ')}.`);
}
