/** Questions with answers to choose or edit, for where a line and an Enter are not enough. The library is loaded with the first. */
import type { Readable, Writable } from 'node:stream';
import { GazetteError } from '../domain/errors.js';

export interface Questions {
  /** The text the person leaves in the line; empty when they leave none. */
  text(question: TextQuestion): Promise<string>;
  /** The value of the line the person chooses. */
  choice(question: ChoiceQuestion): Promise<string>;
}

export interface TextQuestion {
  readonly message: string;
  /** Already in the line, to be kept or edited. */
  readonly initial?: string;
  /** Shown in an empty line. */
  readonly example?: string;
  /** Why an answer cannot be used; `undefined` when it can. */
  problemOf?(answer: string): string | undefined;
}

export interface ChoiceQuestion {
  readonly message: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}

/** Asks on a terminal. Every question throws `stopped` when the person ends it with Ctrl+C. */
export function openQuestions(terminal: {
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
}): Questions {
  const library = () => import('@clack/prompts');
  const answered = (answer: unknown) => {
    if (typeof answer === 'string') return answer.trim();
    if (answer === undefined) return '';
    throw new GazetteError('stopped', 'Stopped before the questions were answered. Nothing was written.');
  };
  return {
    text: async ({ message, initial, example, problemOf }) =>
      answered(
        await (await library()).text({
          ...{ ...terminal, message },
          ...(initial !== undefined && { initialValue: initial }),
          ...(example !== undefined && { placeholder: example }),
          ...(problemOf && { validate: (answer) => (answer?.trim() ? problemOf(answer.trim()) : undefined) }),
        }),
      ),
    choice: async ({ message, choices }) =>
      answered(await (await library()).select({ ...terminal, message, options: choices.map((each) => ({ ...each })) })),
  };
}
