/** The print shop's counter: what other rooms may ask of it. */
export { CLIP_BYTES, LONGEST_VALUES, type MailSize, measureMail } from './measure.js';
export { openPages } from './open-pages.js';
export { openRenderer, type PrintShop, type RendererOptions, type ThemeSummary } from './open-renderer.js';
export type { PagesOptions } from './pages.js';
export { openWords, type WordsBook } from './words.js';
