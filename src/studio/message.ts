/** A page that says only why something did not work. */
import type { GazetteError, Problem } from '../domain/errors.js';

export interface MessageView {
  readonly title: string;
  readonly message: string;
  readonly hint: string;
  readonly places: readonly Problem[];
  /** Path of the page it came from. */
  readonly back: string;
}

export function errorMessage(error: GazetteError, back: string): MessageView {
  return { title: 'That did not work', message: error.message, hint: error.hint, places: placesOf(error), back };
}

export const MISSING_PAGE: MessageView = {
  title: 'There is no such page',
  message: '',
  hint: '',
  places: [],
  back: '/',
};

/** Every place an error names. */
export function placesOf({ problems, where }: GazetteError): readonly Problem[] {
  if (problems.length > 0) return problems;
  return where === undefined ? [] : [{ where, message: '' }];
}
