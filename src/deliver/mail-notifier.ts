/** Sends notes to the editor by mail, with the transport of the newsletters. */
import type { Mailbox } from '../domain/newsletter.js';
import type { Clock } from '../domain/ports/host.js';
import type { NoticeBuilder, Notifier, Transport } from '../domain/ports/mail.js';

export interface MailNotifierOptions {
  readonly to: string;
  readonly from: Mailbox;
  readonly notices: NoticeBuilder;
  readonly transport: () => Transport;
  readonly clock: Clock;
}

/** Rejects when the server did not take the note. */
export function openMailNotifier({ to, from, notices, transport, clock }: MailNotifierOptions): Notifier {
  return {
    async tell({ id, subject, text }) {
      const mail = { subject, text: `${text}\n`, html: `<p>${escaped(text)}</p>\n` };
      const message = await notices.build(mail, from, to, `note ${id}`, clock.now());
      const connection = transport().open();
      try {
        const { kind, reply } = await connection.send(message);
        if (kind !== 'accepted') throw new Error(`The server did not take the note: ${reply.text}`);
      } finally {
        await connection.close();
      }
    },
  };
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
