/** Every transport. To add one: one file, and one line in this list. */
import { GazetteError } from '../../domain/errors.js';
import type { Transport } from '../../domain/ports/mail.js';
import { file } from './file.js';
import type { TransportKind, TransportOptions } from './kind.js';
import { smtp } from './smtp.js';

export const transports: readonly TransportKind[] = [smtp, file];

/** Opens the transport a URL names, without connecting. Throws `env.invalid`; no message shows a password. */
export function openTransport(url: string, options: TransportOptions): Transport {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  const kind = transports.find(({ schemes }) => scheme !== undefined && schemes.includes(scheme));
  if (kind) return kind.open(url, options);
  const known = transports.flatMap(({ schemes }) => schemes).join(', ');
  throw new GazetteError('env.invalid', `The address of the mail server begins with none of ${known}.`, {
    hint: 'Write SMTP_URL as smtp://user:password@mail.example.org:587, or as file:outbox to write mails to a folder.',
  });
}

export type { TransportKind, TransportOptions } from './kind.js';
