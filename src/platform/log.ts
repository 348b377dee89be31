/**
 * Events for operators: JSON lines for machines, short lines for a person at a terminal.
 * Addresses are masked by the caller; what slips through under a telling name is taken out here.
 */
import { type DestinationStream, pino } from 'pino';
import { maskedAddressesIn } from '../domain/address.js';
import type { Log, LogFields } from '../domain/ports/host.js';

/** From the most to the least verbose. */
const LOG_LEVELS = ['info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFormat = 'pretty' | 'json';

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Where lines go; standard error when absent. */
  readonly destination?: { write(line: string): unknown };
}

/** Opens a log. Fields named like an address or a secret are shown as `[hidden]`, at any depth. */
export function openLog(options: LogOptions): Log {
  const destination = options.destination ?? process.stderr;
  return options.format === 'json'
    ? jsonLog(options.level, destination as DestinationStream)
    : prettyLog(options.level, destination);
}

function jsonLog(level: LogLevel, destination: DestinationStream): Log {
  const formatters = { level: (label: string) => ({ level: label }) };
  const timestamp = pino.stdTimeFunctions.isoTime;
  const logger = pino({ level, base: null, formatters, timestamp, messageKey: 'event' }, destination);
  return logTo((at, event, fields) => logger[at](fields, event));
}

function prettyLog(level: LogLevel, destination: { write(line: string): unknown }): Log {
  const least = LOG_LEVELS.indexOf(level);
  return logTo((at, event, fields) => {
    if (LOG_LEVELS.indexOf(at) >= least) destination.write(prettyLine(at, event, fields));
  });
}

function logTo(say: (level: keyof Log, event: string, fields: LogFields) => void): Log {
  const at =
    (level: keyof Log) =>
    (event: string, fields: LogFields = {}): void =>
      say(level, event, shown(fields) as LogFields);
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

const SIGNS = { info: '·', warn: '!', error: '✗' } as const;

function prettyLine(level: keyof Log, event: string, fields: LogFields): string {
  const words = Object.entries(fields).map(([name, value]) => `${name}=${wordOf(value)}`);
  return `${[SIGNS[level], event, ...words].join(' ')}\n`;
}

function wordOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  // Quoted, a value can neither start a line of its own nor move the cursor.
  return /^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(text) ? text : JSON.stringify(text);
}

// By its last word, however the words are joined: `replyToAddress`, `GAZETTE_SECRET`; not `addresses: 12`.
const PRIVATE_NAME = /(?:e-?mail|address|recipient|secret|token|password|authorization|cookie)$/i;

/** A copy without what must not be logged; errors become plain data. */
function shown(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return withoutPrivate(value);
  if (value instanceof Error)
    return { name: value.name, message: withoutPrivate(value.message), ...causeOf(value, depth) };
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 5) return '…';
  if (Array.isArray(value)) return value.map((entry) => shown(entry, depth + 1));
  const entries = Object.entries(value).map(([name, entry]) => [name, shownField(name, entry, depth)]);
  return Object.fromEntries(entries);
}

/** Servers quote the address they refuse, and errors the link that was asked for. */
function withoutPrivate(text: string): string {
  return maskedAddressesIn(text).replace(/(\/[ucp]\/)[\w.~%-]{20,}/g, '$1…');
}

function shownField(name: string, value: unknown, depth: number): unknown {
  if (!PRIVATE_NAME.test(name) || value === undefined || value === null) return shown(value, depth + 1);
  return isMasked(value) ? value : '[hidden]';
}

/** Whether the caller has masked it: `r…@example.org`. */
function isMasked(value: unknown): boolean {
  return typeof value === 'string' && /^.{0,2}…(?:@|$)/u.test(value);
}

function causeOf(error: Error, depth: number): object {
  if (error.cause === undefined || depth > 5) return {};
  return { cause: shown(error.cause, depth + 1) };
}
