/** The settings of exports as sources. Apart from the sources themselves, whose parsers are loaded when they are first read. */
import { z } from 'zod';

const file = (what: string) =>
  z.string().min(1).describe(`${what}, relative to content/. It may be outside the workspace.`);
const language = z
  .string()
  .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'Must be a language tag such as en or pt-BR.')
  .optional()
  .describe('The language of the posts, such as en.');
const site = z
  .url({ protocol: /^https?$/, error: 'Must be an absolute http or https address, such as https://blog.example.org.' })
  .describe('The address of the site where the posts are published: the export does not contain it.');

export const wxrOptions = z.strictObject({
  kind: z.literal('wxr').describe('The kind of source: an export of WordPress (Tools, Export), an XML file.'),
  file: file('The XML file'),
  types: z
    .array(z.string())
    .min(1)
    .default(['post'])
    .describe('The types of posts, as WordPress names them: post, page, or those of a plug-in.'),
  categoriesFrom: z
    .array(z.string())
    .default(['category'])
    .describe('The taxonomies whose terms are the categories of a post: category, post_tag, or those of a plug-in.'),
  language,
});

export const ghostExportOptions = z.strictObject({
  kind: z
    .literal('ghost-export')
    .describe('The kind of source: an export of Ghost (Settings, Migration tools), a JSON file.'),
  file: file('The JSON file'),
  site,
  types: z
    .array(z.enum(['posts', 'pages']))
    .min(1)
    .default(['posts'])
    .describe('What is read: posts, pages, or both.'),
  language,
});

export const substackOptions = z.strictObject({
  kind: z.literal('substack').describe('The kind of source: an export of Substack (Settings, Exports), a zip file.'),
  file: file('The zip file'),
  site,
  language,
});

export type WxrOptions = z.infer<typeof wxrOptions>;
export type GhostExportOptions = z.infer<typeof ghostExportOptions>;
export type SubstackOptions = z.infer<typeof substackOptions>;
