/** Parses a server's reply (RFC 5321 §4.2, RFC 3463 §2). */
import type { Reply } from '../domain/reply.js';

const LONGEST_TEXT = 500;

/** The codes of a reply, and its text on one line without them. */
export function replyFrom(response: string): Reply {
  const lines = response
    .split(/\r\n|\r|\n/)
    .map((line) => /^(\d{3})?[ -]?(?:[#([]{0,2}([245]\.\d{1,3}\.\d{1,3})[)\]:;,]{0,2}(?:\s+|$))?(.*)$/s.exec(line));
  const code = lines.map((line) => line?.[1]).find((found) => found !== undefined);
  // Most servers repeat the code on each line; where lines disagree, the last one counts.
  const enhanced = lines.map((line) => line?.[2]).findLast((found) => found !== undefined);
  const reply: { code?: number; enhanced?: string; text: string } = {
    text: lineFrom(lines.map((line) => line?.[3] ?? '').join(' ')),
  };
  if (code !== undefined) reply.code = Number(code);
  if (enhanced !== undefined) reply.enhanced = enhanced;
  return reply;
}

/** What happened where no server replied. */
export function ownReply(text: string): Reply {
  return { text: lineFrom(text) };
}

function lineFrom(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();
  return line.length <= LONGEST_TEXT ? line : `${line.slice(0, LONGEST_TEXT - 1)}…`;
}
