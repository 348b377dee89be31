/** One thing wrong in a post's file, before it has the file's name. Lines and columns count from 1. */
export interface Trouble {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}
