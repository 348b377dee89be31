/** Writes each message into a folder as an .eml file: `file:outbox`, `file:/srv/outbox`. */
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GazetteError } from '../../domain/errors.js';
import type { Files } from '../../domain/ports/host.js';
import type { MailConnection, Message, Transport } from '../../domain/ports/mail.js';
import type { Outcome } from '../../domain/reply.js';
import { ownReply } from '../read-reply.js';
import type { TransportKind, TransportOptions } from './kind.js';

const WRITERS = 4;

export const file: TransportKind = { schemes: ['file'], open: openFile };

function openFile(url: string, options: TransportOptions): Transport {
  const folder = folderFrom(url, options.root);
  const connection: MailConnection = {
    send: (message) => write(options.files, folder, message),
    close: async () => {},
  };
  return {
    connections: WRITERS,
    local: true,
    description: `file:${folder}`,
    folder,
    open: () => connection,
    close: async () => {},
  };
}

function folderFrom(url: string, root: string): string {
  const rest = url.slice('file:'.length);
  if (rest === '')
    throw new GazetteError('env.invalid', 'The file transport names no folder.', { hint: 'Write it as file:outbox.' });
  if (!rest.startsWith('//')) return isAbsolute(rest) ? rest : resolve(root, rest);
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new GazetteError('env.invalid', `“${url}” names no folder of this host.`, {
      hint: 'Write it as file:outbox or file:///srv/outbox.',
      cause,
    });
  }
}

/** The file is named by Message-ID, so a message that is written again after an unknown outcome makes no second file. */
async function write(files: Files, folder: string, message: Message): Promise<Outcome> {
  const path = join(folder, `${message.messageId.replace(/^<|@.*/g, '').replace(/[^\w.-]/g, '_')}.eml`);
  try {
    await files.writePrivate(path, Buffer.concat(message.content));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'rejected', scope: 'configuration', bounce: 'none', reply: ownReply(`${path}: ${why}`) };
  }
  return { kind: 'accepted', reply: ownReply(path) };
}
