/** How to log in to a server, by what it offers. Pure. */
import type { SmtpSettings } from './smtp-url.js';

export type LoginPlan =
  | { readonly kind: 'log-in'; readonly method: string }
  | { readonly kind: 'impossible'; readonly text: string; readonly advice?: string };

/** The methods that need only a user and a password, in order of preference. */
const PASSWORD_METHODS = ['PLAIN', 'LOGIN', 'CRAM-MD5'];

/**
 * @param isSecure whether the connection is encrypted
 * @param ehlo the lines of the EHLO reply; empty for a server that knows only HELO
 */
export function loginPlan(
  { loopback, tls }: Pick<SmtpSettings, 'loopback' | 'tls'>,
  isSecure: boolean,
  ehlo: readonly string[],
): LoginPlan {
  if (!isSecure && !loopback)
    return { kind: 'impossible', text: 'The server offers no TLS, and a password is never sent unencrypted.' };
  const offered = methodsIn(ehlo);
  const method = ehlo.length === 0 ? 'PLAIN' : PASSWORD_METHODS.find((name) => offered.includes(name));
  if (method !== undefined) return { kind: 'log-in', method };
  if (offered.length > 0)
    return {
      kind: 'impossible',
      text: `The server accepts no password; it offers ${offered.join(', ')}.`,
      advice: 'Ask its operator for an account that logs in with a password (often an “app password”), or for a relay.',
    };
  if (tls === 'never' && ehlo.some((line) => /^STARTTLS\b/i.test(line)))
    return {
      kind: 'impossible',
      text: 'The server accepts a login only after STARTTLS.',
      advice: 'Write tls=required after a ? in SMTP_URL.',
    };
  return {
    kind: 'impossible',
    text: 'The server accepts no login on this port.',
    advice:
      'Use its port for submission (587 with smtp://, 465 with smtps://), or remove user and password from SMTP_URL.',
  };
}

function methodsIn(ehlo: readonly string[]): readonly string[] {
  const lines = ehlo.filter((line) => /^AUTH[ =]/i.test(line));
  return [
    ...new Set(lines.flatMap((line) => line.slice(5).toUpperCase().split(/[ =]+/)).filter((name) => name !== '')),
  ];
}
