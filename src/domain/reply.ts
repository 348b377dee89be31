/** What a server replied, what the reply is about, and what it asks of us. */

/** A server's reply, as received. */
export interface Reply {
  /** Basic code, RFC 5321 §4.2.1; absent when the connection gave none. */
  readonly code?: number;
  /** Enhanced code, RFC 3463: `5.1.1`. */
  readonly enhanced?: string;
  /** One line, at most 500 characters, without control characters. */
  readonly text: string;
}

/** What a reply answers. `dot` is the end of the message; `bounce` a later report on one recipient. */
export type ReplyPhase = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data' | 'dot' | 'bounce';

/** Who a refusal is about (rule: whose-fault). Only a recipient's permanent fault marks the reader. */
export type ReplyScope = 'connection' | 'limit' | 'recipient' | 'sender' | 'message' | 'configuration';

/** What a refusal asks of us. */
export type ReplyMeaning =
  /** Limit: fewer messages a minute. */
  | 'slow-down'
  /** Limit: a quota is used up; nothing can be sent for a long while. */
  | 'wait'
  /** Limit: this connection has sent as many messages as it may. */
  | 'new-connection'
  /** Limit: too many connections at once. */
  | 'fewer-connections'
  /** Connection: not available for now. */
  | 'back-off'
  /** Sender, message or configuration: a person has to change something before anything is sent. */
  | 'stop'
  /** Sender: a policy that may be about all we send or about this recipient only; the other replies decide. */
  | 'policy'
  /** Recipient. */
  | 'no-mailbox'
  | 'mailbox-full'
  | 'mailbox-unavailable'
  | 'not-wanted'
  | 'greylisted'
  | 'later';

/** How a refusal was classified. */
export interface Judgement {
  readonly scope: ReplyScope;
  /** Absent where no server replied. */
  readonly meaning?: ReplyMeaning;
  /** One sentence on what the operator can do about it. */
  readonly advice?: string;
  /** What it replied to. */
  readonly phase?: ReplyPhase;
  readonly reply: Reply;
}

/** The outcome of one attempt. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly reply: Reply }
  /** The server said "later", or the connection broke before the final dot. */
  | ({ readonly kind: 'deferred' } & Judgement)
  /** The server said "no", permanently. */
  | ({ readonly kind: 'rejected'; readonly bounce: 'hard' | 'soft' | 'none' } & Judgement)
  /** The whole message was sent and no reply came: the server may have it (rule: states). */
  | { readonly kind: 'unknown'; readonly reply: Reply };

/** An outcome that is a refusal, temporary or permanent. */
export type Refusal = Extract<Outcome, { readonly scope: ReplyScope }>;

/** Whether the server says that messages come too fast, on all connections together. */
export function asksForLess(outcome: Outcome): boolean {
  if (!('meaning' in outcome)) return false;
  const { scope, meaning } = outcome;
  if (scope === 'limit') return meaning === 'slow-down' || meaning === 'wait';
  return outcome.kind === 'deferred' && meaning === 'slow-down';
}
