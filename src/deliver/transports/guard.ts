/** The one place where mail leaves: whatever must be true of every mail is asked here, not by each of its senders. */
import type { Transport } from '../../domain/ports/mail.js';

/**
 * A transport whose lanes ask before their first message, and again until they were allowed once. Logging in without a
 * message is not asked about.
 * @param allow rejects with the error that a refused send ends with
 */
export function guardTransport(transport: Transport, allow: () => Promise<void>): Transport {
  return {
    ...transport,
    open() {
      const lane = transport.open();
      let isAllowed = false;
      return {
        async send(message, signal) {
          if (!isAllowed) await allow();
          isAllowed = true;
          return lane.send(message, signal);
        },
        close: () => lane.close(),
      };
    },
  };
}
