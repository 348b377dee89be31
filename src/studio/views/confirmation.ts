/** The form by which an editor confirms an action. Its button is where no other page has the one that led to it. */

export interface Confirmation {
  readonly id: string;
  readonly action: string;
  /** Ids of elements; the first that exists gets the focus afterwards. */
  readonly focus: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  readonly confirmLabel: string;
  readonly cancelLabel: string;
  readonly isDanger: boolean;
}

/** `1 reader`, `1,200 readers`. */
export function amount(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
