/** Notes to the editor by mail, through the transport the newsletters leave by. */
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
      const lane = transport().open();
      try {
        const { kind, reply } = await lane.send(message);
        if (kind !== 'accepted') throw new Error(`The server did not take the note: ${reply.text}`);
      } finally {
        await lane.close();
      }
    },
  };
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
