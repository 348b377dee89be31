/** A server's answer, as the wire gave it. */
export interface Reply {
  /** Basic code, RFC 5321 §4.2.1; absent when the connection gave none. */
  readonly code?: number;
  /** Enhanced code, RFC 3463: `5.1.1`. */
  readonly enhanced?: string;
  /** One line, at most 500 characters, without control characters. */
  readonly text: string;
}

/** Who a refusal is about (laws §4.8, standards F4). Only a recipient's permanent fault marks the reader. */
export type ReplyScope = 'connection' | 'recipient' | 'sender' | 'message' | 'configuration';

/** What became of one attempt. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly reply: Reply }
  /** The server, or the connection before the final dot, said later. */
  | { readonly kind: 'deferred'; readonly scope: ReplyScope; readonly reply: Reply }
  /** The server said no, for good. */
  | {
      readonly kind: 'rejected';
      readonly scope: ReplyScope;
      readonly bounce: 'hard' | 'soft' | 'none';
      readonly reply: Reply;
    }
  /** The whole message was sent and no answer came: the server may have it (laws §4.2). */
  | { readonly kind: 'unknown'; readonly reply: Reply };

/** Whether the server wants fewer messages from us for a while: limits on the sender, and 421 or x.7.x of the connection. */
export function asksForLess(outcome: Outcome): boolean {
  if (outcome.kind !== 'deferred') return false;
  const { scope, reply } = outcome;
  if (scope === 'sender') return true;
  return scope === 'connection' && (reply.code === 421 || /^4\.7\./.test(reply.enhanced ?? ''));
}
