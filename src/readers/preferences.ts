/** What a reader does on their own page, by the link in any mail and without a login. */

import type { AddressChanges, Requester } from './address-change.js';
import type { Page } from './page.js';
import type { Pauses } from './pauses.js';
import type { PersonalData } from './personal-data.js';
import type { ChosenPreferences, PreferenceChanges } from './preference-changes.js';
import type { PreferencesPage, PreferencesResult } from './preferences-page.js';
import type { ReaderLinks } from './reader-links.js';

/** One form of the page. */
export type PreferencesChange =
  | ({ readonly kind: 'preferences' } & ChosenPreferences)
  | { readonly kind: 'pause'; readonly until: string }
  | { readonly kind: 'resume' }
  | ({ readonly kind: 'address'; readonly address: string } & Requester)
  | { readonly kind: 'erase'; readonly sure: boolean };

export interface PreferencesDeps {
  readonly readerLinks: ReaderLinks;
  readonly preferencesPage: PreferencesPage;
  readonly preferenceChanges: PreferenceChanges;
  readonly pauses: Pauses;
  readonly addressChanges: AddressChanges;
  readonly personalData: PersonalData;
}

export function openPreferences(deps: PreferencesDeps) {
  const { readerLinks, preferencesPage, preferenceChanges, pauses, addressChanges, personalData } = deps;

  /** The page; `undefined` when the link is not valid, or its reader was erased. */
  async function show(token: string, result: PreferencesResult, now: Date): Promise<Page | undefined> {
    const reader = await readerLinks.readerFor(token);
    return reader && preferencesPage.page(reader, token, result, now);
  }

  /** Does what one of its forms asks; `undefined` when the link is not valid, `too-many` when the new mailbox gets no more mail now. */
  async function change(token: string, form: PreferencesChange, now: Date): Promise<Page | 'too-many' | undefined> {
    const reader = await readerLinks.readerFor(token);
    if (!reader) return undefined;
    const { newsletter, person } = reader;
    switch (form.kind) {
      case 'preferences': {
        const isSaved = await preferenceChanges.save(reader, form, now);
        return show(token, isSaved ? { saved: 'saved' } : { problem: 'categories' }, now);
      }
      case 'pause': {
        const isPaused = await pauses.pause(person, newsletter, form.until, now);
        return show(token, isPaused ? { saved: 'paused' } : { problem: 'date' }, now);
      }
      case 'resume':
        await pauses.resume(person);
        return show(token, { saved: 'resumed' }, now);
      case 'address': {
        const answer = await addressChanges.ask(reader, form.address, form, now);
        if (answer === 'too-many') return answer;
        return show(token, answer === 'asked' ? { saved: 'address-asked' } : { problem: 'address' }, now);
      }
      case 'erase':
        if (!form.sure) return show(token, { problem: 'erase' }, now);
        await personalData.erase(person, now);
        return preferencesPage.erased(reader);
    }
  }

  /** Everything stored about the reader a link is for; `undefined` when the link is not valid. */
  async function readOwnData(token: string) {
    const reader = await readerLinks.readerFor(token);
    return reader && personalData.read(reader.person);
  }

  return { show, change, readOwnData };
}
