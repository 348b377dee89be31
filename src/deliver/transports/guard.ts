/** The one place all mail passes: checks here what must be true of every mail, so that no sender of mail has to. */
import type { Transport } from '../../domain/ports/mail.js';

/**
 * A transport whose connections call `allow` before their first message, and again until it has resolved once. A login
 * without a message does not call it.
 * @param allow rejects with the error that `send` is to reject with
 */
export function guardTransport(transport: Transport, allow: () => Promise<void>): Transport {
  return {
    ...transport,
    open() {
      const connection = transport.open();
      let isAllowed = false;
      return {
        async send(message, signal) {
          if (!isAllowed) await allow();
          isAllowed = true;
          return connection.send(message, signal);
        },
        close: () => connection.close(),
      };
    },
  };
}
