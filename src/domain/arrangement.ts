/** What an editor arranged for a newsletter's next issue. Posts are named by their public id. */
export interface Arrangement {
  /** Before all others, in this order. */
  readonly pinned: readonly string[];
  readonly leftOut: readonly string[];
  /** In although they are not news. */
  readonly broughtIn: readonly string[];
}

export const NO_ARRANGEMENT: Arrangement = { pinned: [], leftOut: [], broughtIn: [] };
