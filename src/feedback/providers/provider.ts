/** What a provider of webhooks is here: how a call is known to be theirs, and what its events say. */
import type { FeedbackReport, JudgeBounce } from '../../domain/feedback.js';
import type { ReadReply } from '../../domain/ports/feedback.js';
import type { FetchWeb } from '../../domain/ports/host.js';
import type { ProviderName } from '../../domain/providers.js';

/** Reads a header; names in any letter case. */
export type ReadHeader = (name: string) => string | undefined;

/** A call of a webhook, as received. */
export interface HookCall {
  readonly header: ReadHeader;
  readonly body: Uint8Array;
}

export type CallEnd =
  | { readonly kind: 'read'; readonly reports: readonly FeedbackReport[] }
  /** `forged`: not signed by the provider, or for somebody else. `late`: genuine, but so old that it may be a copy. */
  | { readonly kind: 'refused'; readonly why: 'forged' | 'late' | 'unreadable' }
  /** It cannot be judged now; the provider is asked to come again. */
  | { readonly kind: 'later'; readonly text: string };

/** A provider whose setting is known. */
export interface OpenProvider {
  /** Whether the body is worth reading. A provider that signs the body says yes when the signature is there. */
  admits(header: ReadHeader): boolean;
  /** Checks a call and reads its events. */
  read(call: HookCall, now: Date): Promise<CallEnd> | CallEnd;
}

/** An entry of the registry. */
export interface Provider {
  readonly name: ProviderName;
  /** More than the largest call of the provider. */
  readonly mostBytes: number;
  /** @param proofs as in `HookSettings`, at least one; the settings have checked their form */
  open(proofs: readonly string[], tools: ProviderTools): OpenProvider;
}

export interface ProviderTools {
  readonly fetchWeb: FetchWeb;
  readonly replyFrom: ReadReply;
  readonly judgeBounce: JudgeBounce;
}

export const FORGED: CallEnd = { kind: 'refused', why: 'forged' };
export const LATE: CallEnd = { kind: 'refused', why: 'late' };
export const UNREADABLE: CallEnd = { kind: 'refused', why: 'unreadable' };
