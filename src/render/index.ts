/** The public face of this module. */
export { CLIP_BYTES, LONGEST_VALUES, type MailSize, measureMail } from './measure.js';
export { hasMessages, messagesIn } from './messages.js';
export { openPages } from './open-pages.js';
export { openRenderer, type RendererOptions, type ThemeRenderers, type ThemeSummary } from './open-renderer.js';
export { withPictureSources } from './picture-sources.js';
export { openTemplateFiles, type TemplateFiles, type TemplateFilesOptions } from './template-files.js';
