/** Finds the colour and logo of a blog: in the head of its page, its web app manifest, or the files of its site. */
import { join } from 'node:path';
import type { FoundLook } from '../../domain/found-blog.js';
import { type SiteFacts, staticDirsOf } from '../dialects/index.js';
import type { SourceTools } from '../source-tools.js';
import { jsonFrom, listAt, textAt } from '../web/json.js';
import type { Ask } from '../wordpress/wordpress-site.js';
import { metasOf } from './page-head.js';

/** What may say a colour or show a logo, the best first. */
export interface LookSigns {
  readonly colours: readonly (string | undefined)[];
  readonly logos: readonly (string | undefined)[];
}

/** What the page says; `undefined` when that is nothing. */
export async function lookAt(page: Awaited<ReturnType<Ask>>, ask: Ask): Promise<FoundLook | undefined> {
  const { text = '', links = [] } = page ?? {};
  const hrefs = (rel: RegExp) => links.filter((link) => rel.test(link.rel)).map(({ href }) => href);
  const [address] = hrefs(/^manifest$/i);
  const manifest =
    address === undefined ? undefined : await ask(address, 'application/manifest+json, application/json');
  const said = manifest?.json ?? (manifest && jsonFrom(new TextEncoder().encode(manifest.text)));
  const icons = listAt(said, 'icons').map((icon) => absolute(textAt(icon, 'src'), manifest?.url));
  const metas = metasOf(text);
  const colours = metas.filter(({ name, media }) => name === 'theme-color' && !/dark/i.test(media ?? ''));
  const tiles = metas.filter(({ name }) => name === 'msapplication-tilecolor');
  return lookFrom({
    colours: [
      ...colours.map(({ content }) => content),
      textAt(said, 'theme_color'),
      ...tiles.map((tile) => tile.content),
    ],
    logos: [...hrefs(/\bapple-touch-icon\b/i), ...icons.reverse(), ...hrefs(/^(?:shortcut )?icon$/i)],
  });
}

const LOGO_FILES = ['apple-touch-icon.png', 'apple-touch-icon-180x180.png', 'android-chrome-192x192.png', 'logo.png'];
const MANIFESTS = ['site.webmanifest', 'manifest.webmanifest', 'manifest.json'];

/** What the configuration of a site says, and the files it publishes as they are. @param root of the site, absolute */
export async function lookInFolder(
  root: string,
  facts: SiteFacts,
  { files }: Pick<SourceTools, 'files'>,
): Promise<FoundLook | undefined> {
  const { siteUrl, values = {} } = facts;
  const dirs = staticDirsOf(facts);
  const firstOf = async (names: readonly string[]) => {
    for (const dir of dirs) {
      for (const name of names) {
        const bytes = await files.read(join(root, dir, name)).catch(() => undefined);
        if (bytes !== undefined) return { name, bytes };
      }
    }
    return undefined;
  };
  const manifest = await firstOf(MANIFESTS);
  const logo = await firstOf(LOGO_FILES);
  const onSite = (path: string | undefined) =>
    absolute(path?.replace(/^\/+/, ''), siteUrl === undefined ? undefined : `${siteUrl}/`);
  return lookFrom({
    colours: [values.theme_color, manifest && textAt(jsonFrom(manifest.bytes), 'theme_color')],
    logos: [onSite(values.logo), onSite(logo?.name)],
  });
}

/** The first colour that is one, and the first picture that mail clients show. */
export function lookFrom({ colours, logos }: LookSigns): FoundLook | undefined {
  const accent = colours.map(accentFrom).find((colour) => colour !== undefined);
  const logo = logos.find(
    (address) => address !== undefined && /^https:\/\/[^\s?#]{1,900}\.(?:png|jpe?g|gif)$/i.test(address),
  );
  if (accent === undefined && logo === undefined) return undefined;
  return { ...(accent !== undefined && { accent }), ...(logo !== undefined && { logo }) };
}

/** So far apart are the parts of a colour that is more than a shade of grey. */
const LEAST_COLOUR = 40;

/** `#rrggbb` of a colour as CSS writes it; `undefined` for anything else, and for white, black and grey, which say nothing. */
function accentFrom(written: string | undefined): string | undefined {
  const parts = partsOf(written?.trim() ?? '');
  if (parts === undefined || Math.max(...parts) - Math.min(...parts) < LEAST_COLOUR) return undefined;
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function partsOf(colour: string): readonly number[] | undefined {
  const hex =
    /^#([0-9a-f]{6})(?:ff)?$/i.exec(colour)?.[1] ?? /^#([0-9a-f]{3})$/i.exec(colour)?.[1]?.replace(/./g, '$&$&');
  if (hex !== undefined) return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  const rgb = /^rgb\(\s?(\d{1,3})\s?[, ]\s?(\d{1,3})\s?[, ]\s?(\d{1,3})\s?\)$/i.exec(colour)?.slice(1).map(Number);
  return rgb?.every((part) => part <= 255) ? rgb : undefined;
}

function absolute(address: string | undefined, base: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address, base) ? new URL(address, base).href : undefined;
}
