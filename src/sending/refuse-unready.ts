/** A real send needs a public address, a secret and a postal address (rule: ready-to-send). */
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Transport } from '../domain/ports/mail.js';

export interface ReadinessDeps {
  /** What the operator has not set up yet, for people. */
  readonly missingForSending: readonly string[];
  transport(): Pick<Transport, 'local'>;
}

/**
 * Throws `send.not-ready` and names what is missing. Loopback and file transports are exempt: they are for trying out.
 * @param newsletter of the issue; absent for mails that belong to no issue
 */
export function refuseUnready({ missingForSending, transport }: ReadinessDeps, newsletter?: Newsletter): void {
  const missing = [
    ...missingForSending,
    ...(newsletter && !newsletter.postalAddress ? [`give newsletter “${newsletter.id}” a postalAddress`] : []),
  ];
  if (missing.length === 0 || transport().local) return;
  throw new GazetteError('send.not-ready', `Before a real send: ${missing.join('; ')}.`);
}
