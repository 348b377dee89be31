/** Reads a built message as a receiving server would, and says what it would not like (Gmail sender guidelines, RFC 5322 §2.1.1, §2.3). */
import { type Finding, findingOf } from '../domain/finding.js';
import type { Message } from '../domain/ports/mail.js';

/** RFC 5322 §2.1.1, without the line end. */
const LONGEST_LINE = 998;
const REQUIRED = [
  'Date',
  'From',
  'To',
  'Subject',
  'Message-ID',
  'List-ID',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'Auto-Submitted',
  'MIME-Version',
  'Content-Type',
];
const OUR_FAULT = 'Gazette makes this, not you. Please report it.';

interface Field {
  readonly name: string;
  readonly value: string;
}

/** Everything wrong with a message of an issue; empty for a good one. */
export function checkMessage({ content, envelope }: Message): readonly Finding[] {
  const bytes = Buffer.concat(content);
  const source = bytes.toString('latin1');
  const fields = fieldsOf(source.slice(0, source.indexOf('\r\n\r\n')));
  return [
    ...checkPresence(fields),
    ...checkOneClick(fields),
    ...checkValues(fields, envelope.to),
    ...checkLines(source),
  ];
}

/** The header fields, unfolded (RFC 5322 §2.2.3). */
function fieldsOf(head: string): readonly Field[] {
  return head
    .replace(/\r\n[ \t]/g, ' ')
    .split('\r\n')
    .map((line) => {
      const colon = line.indexOf(':');
      return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() };
    });
}

function valueIn(fields: readonly Field[], name: string): string | undefined {
  return fields.find((field) => isNamed(field, name))?.value;
}

function isNamed(field: Field, name: string): boolean {
  return field.name.toLowerCase() === name.toLowerCase();
}

function checkPresence(fields: readonly Field[]): readonly Finding[] {
  const missing = REQUIRED.filter((name) => !valueIn(fields, name)).map((name) =>
    findingOf('header.missing', { message: `The message has no ${name}.`, fix: OUR_FAULT, where: name }),
  );
  const names = new Set(fields.map(({ name }) => name.toLowerCase()));
  // A message may be signed more than once.
  names.delete('dkim-signature');
  const repeated = [...names].flatMap((name) => {
    const { length } = fields.filter((field) => isNamed(field, name));
    const where = fields.find((field) => isNamed(field, name))?.name ?? name;
    const message = `The message has ${where} ${length} times: Gmail refuses it.`;
    return length === 1 ? [] : [findingOf('header.repeated', { message, fix: OUR_FAULT, where })];
  });
  return [...missing, ...repeated];
}

function checkOneClick(fields: readonly Field[]): readonly Finding[] {
  const where = 'List-Unsubscribe';
  const wrong = (message: string, fix: string) => [findingOf('header.one-click', { message, fix, where })];
  const uris = [...(valueIn(fields, where) ?? '').matchAll(/<([^<>]*)>/g)].map(([, uri = '']) => uri);
  if (uris.filter((uri) => uri.startsWith('https://')).length !== 1) {
    return wrong(
      'List-Unsubscribe does not hold exactly one https address, so no mail client offers one-click unsubscribe.',
      'Set GAZETTE_PUBLIC_URL to the https address of your public pages.',
    );
  }
  if (valueIn(fields, 'List-Unsubscribe-Post') !== 'List-Unsubscribe=One-Click') {
    return wrong('List-Unsubscribe-Post does not say “List-Unsubscribe=One-Click” (RFC 8058 §3.1).', OUR_FAULT);
  }
  const unsigned = fields
    .filter((field) => isNamed(field, 'DKIM-Signature'))
    .some(({ value }) => {
      const signed = (/(?:^|;)\s*h=([^;]*)/.exec(value)?.[1] ?? '').toLowerCase().split(/[\s:]+/);
      return !signed.includes('list-unsubscribe') || !signed.includes('list-unsubscribe-post');
    });
  return unsigned ? wrong('A DKIM signature does not cover the one-click headers (RFC 8058 §4).', OUR_FAULT) : [];
}

function checkValues(fields: readonly Field[], to: string): readonly Finding[] {
  const findings: Finding[] = [];
  const recipients = valueIn(fields, 'To') ?? '';
  const addresses = recipients.replace(/"(?:[^"\\]|\\.)*"/g, '').split(',');
  if (addresses.length !== 1 || !recipients.includes(to)) {
    const message = `To is “${recipients}”: it must be the one reader the message is for.`;
    findings.push(findingOf('header.recipient', { message, fix: OUR_FAULT, where: 'To' }));
  }
  const invalid = (where: string, isValid: boolean) => {
    const message = `${where} is “${valueIn(fields, where) ?? ''}”, which is not well-formed.`;
    if (!isValid) findings.push(findingOf('header.invalid', { message, fix: OUR_FAULT, where }));
  };
  invalid('Message-ID', /^<[!-;=?-~]+@[a-z0-9.-]+>$/i.test(valueIn(fields, 'Message-ID') ?? ''));
  const date = valueIn(fields, 'Date') ?? '';
  invalid('Date', /[+-]\d{4}$/.test(date) && !Number.isNaN(Date.parse(date)));
  invalid('List-ID', /<[^<>\s]+>$/.test(valueIn(fields, 'List-ID') ?? ''));
  invalid('Auto-Submitted', valueIn(fields, 'Auto-Submitted') === 'auto-generated');
  return findings;
}

function checkLines(source: string): readonly Finding[] {
  const lines = source.split('\r\n');
  const findings: Finding[] = [];
  const longest = Math.max(...lines.map(({ length }) => length));
  if (longest > LONGEST_LINE) {
    const where = nameOfLine(lines, longest);
    const message = `A line of the message has ${longest} octets; ${LONGEST_LINE} are the most (RFC 5322 §2.1.1).`;
    const fix = 'Shorten it.';
    findings.push(findingOf('header.line-length', { message, fix, where }));
  }
  if (lines.some((line) => /[\r\n]/.test(line))) {
    const message = 'A line of the message does not end with CRLF.';
    findings.push(findingOf('header.line-length', { message, fix: OUR_FAULT, where: 'the message' }));
  }
  return findings;
}

function nameOfLine(lines: readonly string[], length: number): string {
  const line = lines.find((each) => each.length === length) ?? '';
  return /^([\w-]+):/.exec(line)?.[1] ?? 'the message';
}
