/** The public face of this module. */
export { CLIP_BYTES, LONGEST_VALUES, type MailSize, measureMail } from './measure.js';
export { type MessageCatalogs, openMessageCatalogs } from './messages.js';
export { openPages } from './open-pages.js';
export { openRenderer, type RendererOptions, type ThemeRenderers, type ThemeSummary } from './open-renderer.js';
export type { PagesOptions } from './pages.js';
