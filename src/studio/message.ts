/** A page that says only why something did not work. */
import type { GazetteError, Problem } from '../domain/errors.js';

export interface MessageView {
  readonly title: string;
  readonly message: string;
  readonly hint: string;
  readonly places: readonly Problem[];
  /** Path of the page it came from. */
  readonly back: string;
  /** The version of the state it is about: the page is fetched again after a change. `null`: what it answers was no GET. */
  readonly pageVersion: number | null;
}

export function errorMessage(error: GazetteError, back: string, pageVersion: number | null): MessageView {
  const { message, hint } = error;
  return { title: 'That did not work', message, hint, places: placesOf(error), back, pageVersion };
}

export const MISSING_PAGE: MessageView = {
  title: 'There is no such page',
  message: '',
  hint: '',
  places: [],
  back: '/',
  pageVersion: null,
};

/** Every place an error names. */
export function placesOf({ problems, where }: GazetteError): readonly Problem[] {
  if (problems.length > 0) return problems;
  return where === undefined ? [] : [{ where, message: '' }];
}
