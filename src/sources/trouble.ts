/** One thing wrong in a post's file, before it has the file's name. Lines and columns count from 1. */
export interface Trouble {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Whether a parser went deeper than its stack: the text is nested too deeply for it. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}
