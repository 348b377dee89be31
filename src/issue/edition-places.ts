/** Where an editor finds the posts and settings of an issue that is being made. */
import type { EditionPlaces, Places } from '../domain/ports/content.js';
import type { Draft } from './draft.js';

export function editionPlaces(places: Places, draft: Draft): EditionPlaces {
  const { newsletter, selection, compose, arrangement } = draft;
  const isArranged = (key: string) => key === 'subject' && compose.arrangement.subject !== undefined;
  const posts = new Map(selection.chosen.map(({ uid, post }) => [uid, places.post(post)]));
  const { introduction = '' } = compose.arrangement;
  const words = typeof introduction === 'string' ? [introduction] : Object.values(introduction);
  return {
    address: (url) => (words.some((text) => text.includes(url)) ? arrangement?.file : undefined),
    post: ({ uid, title }) => posts.get(uid) ?? title,
    setting: (key) => (arrangement && isArranged(key) ? arrangement.file : places.setting(newsletter.id, key)),
  };
}
