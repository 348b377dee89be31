/**
 * What a reply is about and what it asks of us (rule: whose-fault). The basic code decides between "later" and "no"; the
 * table decides the rest.
 */
import type { Outcome, Reply, ReplyMeaning, ReplyPhase, ReplyScope } from '../domain/reply.js';
import { REPLY_TABLE, type ReplyRow } from './reply-table.js';

export type { ReplyPhase } from '../domain/reply.js';

interface Verdict {
  readonly scope: ReplyScope;
  readonly meaning: ReplyMeaning;
  readonly bounce: 'hard' | 'soft' | 'none';
  readonly advice?: string;
}

/** The outcome of an attempt by its reply. A reply without a code comes from a connection that broke. */
export function classifyReply(reply: Reply, phase: ReplyPhase): Outcome {
  const { code } = reply;
  if (code === undefined) return { kind: 'deferred', scope: 'connection', phase, reply };
  if (code >= 200 && code < 300) return { kind: 'accepted', reply };
  const { scope, meaning, bounce, advice } = judge(reply, phase);
  const judgement = { scope, meaning, phase, reply, ...(advice !== undefined && { advice }) };
  if (code < 500) return { kind: 'deferred', ...judgement };
  return { kind: 'rejected', bounce: scope === 'recipient' ? bounce : 'none', ...judgement };
}

/** Whether a reply says no more than that it refuses, so that its classification is a guess. */
export function isGuess(reply: Reply, phase: ReplyPhase): boolean {
  const row = REPLY_TABLE.find((candidate) => fits(candidate, reply, phase));
  return row === undefined || row.isGuess === true;
}

const UNREAD: ReplyRow = { scope: 'connection', meaning: 'back-off', source: 'RFC 5321 §4.2.1' };

function judge(reply: Reply, phase: ReplyPhase): Verdict {
  const row = REPLY_TABLE.find((candidate) => fits(candidate, reply, phase)) ?? UNREAD;
  const bounce = row.bounce ?? 'soft';
  const read = { scope: row.scope, meaning: row.meaning, bounce, ...(row.advice && { advice: row.advice }) };
  if (phase === 'auth' && !['connection', 'limit'].includes(row.scope) && !isSureOfSender(row)) {
    return { ...read, scope: 'configuration', meaning: 'stop' };
  }
  // Before RCPT no reply can be about a recipient.
  if (row.scope === 'recipient' && (phase === 'connect' || phase === 'mail')) {
    return reply.code !== undefined && reply.code < 500
      ? { ...read, scope: 'connection', meaning: 'back-off' }
      : { ...read, scope: 'sender', meaning: 'stop' };
  }
  if (row.meaning === 'policy' && (phase === 'connect' || phase === 'mail')) return { ...read, meaning: 'stop' };
  if (row.scope === 'message' && phase === 'connect') return { ...read, scope: 'configuration' };
  return read;
}

function isSureOfSender({ scope, meaning }: ReplyRow): boolean {
  return scope === 'sender' && meaning === 'stop';
}

function fits(row: ReplyRow, { code, enhanced, text }: Reply, phase: ReplyPhase): boolean {
  if (row.phase && !row.phase.includes(phase)) return false;
  if (row.code && !row.code.test(String(code))) return false;
  if (row.bare && enhanced !== undefined) return false;
  if (row.enhanced && !(enhanced && row.enhanced.test(enhanced.slice(2)))) return false;
  if (row.words && !row.words.test(text)) return false;
  return !(row.also && !row.also.test(text)) && !row.unless?.test(text);
}
