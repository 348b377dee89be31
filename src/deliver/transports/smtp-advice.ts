/** Why a connection to the mail server failed, and what to change in SMTP_URL. */
import type { SMTPError } from 'nodemailer/lib/smtp-connection';
import { machineFault } from '../../domain/machine-fault.js';
import type { Outcome } from '../../domain/reply.js';
import { ownReply } from '../read-reply.js';
import type { SmtpSettings } from './smtp-url.js';

/** A setting is wrong, for every message. */
export function misconfigured(text: string, advice?: string): Outcome {
  return {
    kind: 'rejected',
    scope: 'configuration',
    bounce: 'none',
    reply: ownReply(text),
    ...(advice !== undefined && { advice }),
  };
}

/** What an error without a usable reply of the server means. */
export function failedConnection(error: SMTPError, settings: SmtpSettings | undefined): Outcome {
  const name = error.originalCode ?? error.code ?? '';
  const text = `${error.message} ${name}`;
  const tls = settings && tlsAdvice(text, settings);
  if (tls) return misconfigured(...tls);
  if (/STARTTLS/.test(error.command ?? '') || /STARTTLS/.test(error.message))
    return misconfigured(
      `The server refuses STARTTLS: ${error.response ?? error.message}.`,
      'Write smtps:// if its port 465 is open, or tls=never in SMTP_URL for a server on a network of your own.',
    );
  const refused = certificateFault(error, name);
  if (refused) return misconfigured(refused, CERTIFICATE_ADVICE);
  if (/SSL|TLS|EPROTO/.test(name))
    return misconfigured(`The TLS connection to the server failed: ${error.message} (${name}).`);
  const why = silentPort(text, settings) ?? `${error.message}${error.message.includes(name) ? '' : ` (${name})`}`;
  return { kind: 'deferred', scope: 'connection', reply: ownReply(`No message was sent: ${why}.`) };
}

const CERTIFICATE_ADVICE =
  'Name the host that the certificate was issued for. For a private authority, put its certificate into a file and add ca=path/to/file.pem to SMTP_URL.';

function certificateFault(error: SMTPError, name: string): string | undefined {
  const fault = machineFault(Object.assign(new Error(error.message), { code: name, host: 'the mail server' }));
  return fault?.code === 'machine.certificate' ? fault.message : undefined;
}

type Advice = readonly [text: string, advice: string];

/** What OpenSSL says of the two ends that do not speak the same TLS. */
function tlsAdvice(text: string, { tls, port }: SmtpSettings): Advice | undefined {
  if (/unsupported.?protocol|VERSION_TOO_LOW|tlsv1 alert protocol version|ALERT_PROTOCOL_VERSION/i.test(text))
    return [
      'The server speaks only versions of TLS older than 1.2.',
      'Update the server, or use another relay. Gazette does not use TLS 1.0 or 1.1 (RFC 8996).',
    ];
  if (tls === 'implicit' && /wrong.?version.?number|packet length too long|http request|unknown protocol/i.test(text))
    return [
      `Port ${port} does not speak TLS from the first byte.`,
      'Write smtp:// in SMTP_URL: TLS then begins with STARTTLS, usually on port 587.',
    ];
  return undefined;
}

/** A port that wants TLS first says nothing to a client that waits for its greeting. */
function silentPort(text: string, settings: SmtpSettings | undefined): string | undefined {
  if (!settings || !/Greeting never received|ETIMEDOUT|Connection timeout/i.test(text)) return undefined;
  const { tls, port, description } = settings;
  if (/Greeting/i.test(text) && tls !== 'implicit')
    return `${description} accepts connections and says nothing; a port that speaks TLS from the first byte, such as 465, needs smtps:// in SMTP_URL`;
  return `${description} does not answer; check the host, and that a firewall or the provider of this machine does not block port ${port}`;
}
