/** Finds the reply of a mail server in what a program wrote around it. */
import type { Reply } from '../../domain/reply.js';

const LONGEST = 4000;
const LONGEST_REPLY = 500;

/** `550 5.1.1 …`, `550-5.1.1`, `550 #5.1.1`, `(550 5.1.1`. */
const BOTH = /(?:^|[\s:;,(<>"'[\]=-])([45][0-7]\d)[ -]{1,3}[#(]{0,2}([45]\.\d{1,2}\.\d{1,3})(?!\.?\d)/;
/** A code that begins a reply: not a number within a sentence. */
const CODE = /(?:^|[\n:;,(<>"'[\]=]|\bsaid |\bwith |\berror |\bcode |- )\s{0,3}([45][0-7]\d)(?:[ -](?=\S)|[):;.\n]|$)/i;
const ENHANCED = /(?:^|[\s:;,(<>"'[\]=#])#?([45]\.\d{1,2}\.\d{1,3})(?!\.?\d)/;

/** The reply that a text quotes: its codes, and what it says. A text that quotes none is the reply itself, without codes. */
export function replyInText(text: string): Reply {
  const given = text.slice(0, LONGEST);
  const both = BOTH.exec(given);
  const code = both ?? CODE.exec(given);
  const enhanced = both?.[2] ?? ENHANCED.exec(given)?.[1];
  const words = oneLine(code ? given.slice(code.index) : given);
  const reply: { code?: number; enhanced?: string; text: string } = {
    // A code at the very end comes behind the words it stands for.
    text: clipped(words.length < 24 ? oneLine(given) : words),
  };
  if (code) reply.code = Number(code[1]);
  if (enhanced !== undefined) reply.enhanced = enhanced;
  return reply;
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();
}

function clipped(text: string): string {
  return text.length <= LONGEST_REPLY ? text : `${text.slice(0, LONGEST_REPLY - 1)}…`;
}
