/**
 * Who a reply is about and what it costs them: one table for replies on the wire and for bounces (standards F3, F4).
 * The basic code alone decides between later and no; the table decides whose fault it is (laws §4.8).
 */
import type { Outcome, Reply, ReplyScope } from '../domain/reply.js';

/** What a reply answers. `dot` is the end of the message; `bounce` a later report on one recipient. */
export type ReplyPhase = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data' | 'dot' | 'bounce';

interface Rule {
  /** Matches the basic code as text. */
  readonly code?: RegExp;
  /** Matches subject and detail of the enhanced code: `1.1` of `5.1.1`. */
  readonly detail?: RegExp;
  /** Matches the text of the reply. */
  readonly says?: RegExp;
  /** True for replies that carry no enhanced code at all. */
  readonly bare?: true;
  readonly phases?: readonly ReplyPhase[];
  readonly scope: ReplyScope;
  /** Of a recipient's permanent refusal; a passing one is no bounce. */
  readonly bounce?: 'hard' | 'soft' | 'none';
}

const UNKNOWN_MAILBOX =
  /\b(user|mailbox|recipient|address|account)\b.{0,60}\b(unknown|not found|does(n't| not) exist|no longer|invalid|disabled)|\b(unknown|no such|invalid) (user|mailbox|recipient|address|account)|no mailbox (here )?by that name/i;
const FULL_MAILBOX = /(mailbox|quota|storage|inbox).{0,40}(full|exceed|over)|over ?quota/i;
const POLICY =
  /spam|block(ed|list)|blacklist|reputation|policy|rate limit|\bdmarc\b|\bspf\b|\bdkim\b|rejected due|unsolicited/i;
const FORMAT =
  /rfc ?-?[25]?[38]22|message-id|encoded-word|duplicate.{0,20}header|header.{0,40}(missing|invalid|malformed|not permitted)|malformed/i;
const RELAY =
  /relay(ing)?\b.{0,30}\b(denied|prohibited|not (permitted|allowed))|unable to relay|not permitted to relay/i;

/** In order: the first rule that fits is the answer. */
const RULES: readonly Rule[] = [
  // What we were told to do does not work: credentials, TLS, the right to relay. The run stops, nobody is marked.
  { code: /^(530|534|535|538|523)$/, scope: 'configuration' },
  { code: /^454$/, detail: /^7\.\d+$/, scope: 'configuration' },
  { detail: /^7\.(8|9|10|11|14)$/, scope: 'configuration' },
  { says: RELAY, scope: 'configuration' },
  // Our standing as a sender: limits, reputation, authentication of our domain.
  { code: /^421$/, detail: /^7\./, scope: 'sender' },
  { detail: /^4\.5$/, code: /^5/, scope: 'sender' },
  { detail: /^1\.[78]$/, scope: 'sender' },
  // The connection, not anybody on it.
  { code: /^421$/, scope: 'connection' },
  { detail: /^4\.(2|5)$/, scope: 'connection' },
  { detail: /^5\.3$/, scope: 'connection' },
  { code: /^452$/, bare: true, says: /too many (recipients|messages)/i, scope: 'connection' },
  { code: /^4/, detail: /^3\.[12]$/, scope: 'connection' },
  { code: /^452$/, bare: true, says: /system storage|disk/i, scope: 'connection' },
  // The message itself: the same for everybody, so the run stops.
  { detail: /^3\.4$/, scope: 'message' },
  { detail: /^6\.(7|9)$/, scope: 'recipient', bounce: 'none' },
  { detail: /^6\./, scope: 'message' },
  { code: /^5/, detail: /^7\.[01]$/, says: FORMAT, scope: 'message' },
  { code: /^552$/, bare: true, says: /\bsize\b|too (large|big)|message length/i, scope: 'message' },
  { code: /^552$/, bare: true, phases: ['mail'], scope: 'message' },
  // One reader's mailbox.
  { detail: /^1\.(1|2|3|6|10)$/, scope: 'recipient', bounce: 'hard' },
  { code: /^(521|556)$/, scope: 'recipient', bounce: 'hard' },
  { detail: /^[12]\./, scope: 'recipient', bounce: 'soft' },
  { detail: /^7\.(2|1[23]\d)$/, scope: 'recipient', bounce: 'none' },
  // A relay that knows one mailbox's wishes: the others are not to wait for it.
  {
    code: /^5/,
    detail: /^7\./,
    phases: ['rcpt'],
    says: /recipient address rejected/i,
    scope: 'recipient',
    bounce: 'none',
  },
  { code: /^45[01]$/, detail: /^7\.1$/, scope: 'recipient' },
  { code: /^45[01]$/, says: /gr[ae]y-?list/i, scope: 'recipient' },
  { detail: /^7\./, scope: 'sender' },
  // What we say is not understood: a bug, reported as one. An address that is not understood is its reader's.
  {
    code: /^501$/,
    bare: true,
    phases: ['rcpt', 'bounce'],
    says: /address|mailbox|recipient/i,
    scope: 'recipient',
    bounce: 'soft',
  },
  { code: /^(50[0-4]|555)$/, scope: 'message' },
  // Without an enhanced code only the words are left, and they are believed with care.
  { bare: true, code: /^5/, says: FULL_MAILBOX, scope: 'recipient', bounce: 'soft' },
  {
    bare: true,
    code: /^5/,
    phases: ['rcpt', 'bounce', 'dot'],
    says: UNKNOWN_MAILBOX,
    scope: 'recipient',
    bounce: 'hard',
  },
  { code: /^5/, says: POLICY, scope: 'sender' },
  { code: /^5/, phases: ['rcpt', 'bounce'], scope: 'recipient', bounce: 'soft' },
  { code: /^5/, scope: 'sender' },
  { code: /^4/, phases: ['rcpt', 'data', 'dot', 'bounce'], scope: 'recipient' },
];

/** The outcome of an attempt that was answered. A reply without a code comes from a connection that broke. */
export function classifyReply(reply: Reply, phase: ReplyPhase): Outcome {
  const { code } = reply;
  if (code === undefined) return { kind: 'deferred', scope: 'connection', reply };
  if (code >= 200 && code < 300) return { kind: 'accepted', reply };
  const { scope, bounce } = judge(reply, phase);
  if (code < 500) return { kind: 'deferred', scope, reply };
  return { kind: 'rejected', scope, bounce: scope === 'recipient' ? bounce : 'none', reply };
}

function judge(reply: Reply, phase: ReplyPhase): { scope: ReplyScope; bounce: 'hard' | 'soft' | 'none' } {
  const rule = RULES.find((candidate) => fits(candidate, reply, phase));
  const bounce = rule?.bounce ?? 'soft';
  const scope = rule?.scope ?? 'connection';
  if (phase === 'auth' && scope !== 'connection') return { scope: 'configuration', bounce };
  // Before RCPT no reply can be about a reader.
  if (scope === 'recipient' && (phase === 'connect' || phase === 'mail'))
    return { scope: reply.code !== undefined && reply.code < 500 ? 'connection' : 'sender', bounce };
  if (scope === 'message' && phase === 'connect') return { scope: 'configuration', bounce };
  return { scope, bounce };
}

function fits(rule: Rule, reply: Reply, phase: ReplyPhase): boolean {
  if (rule.phases && !rule.phases.includes(phase)) return false;
  if (rule.code && !rule.code.test(String(reply.code))) return false;
  if (rule.bare && reply.enhanced !== undefined) return false;
  if (rule.detail && !(reply.enhanced && rule.detail.test(reply.enhanced.slice(2)))) return false;
  return !rule.says || rule.says.test(reply.text);
}
