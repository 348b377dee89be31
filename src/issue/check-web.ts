/** Follows the links of an issue and weighs its pictures, on demand: the one check that asks the outside. */
import type { Edition } from '../domain/edition.js';
import { type Finding, type FindingCode, findingOf } from '../domain/finding.js';
import type { Checks, MailAddress, Places, Source } from '../domain/ports/content.js';
import type { AskLink, LinkAnswer } from '../domain/ports/host.js';
import { isPrivateHost } from '../domain/private-host.js';
import type { Draft } from './draft.js';
import { editionPlaces } from './edition-places.js';
import { findLocalPicture } from './local-pictures.js';

/** How many addresses are asked at once: most are on one server, the blog's own. */
const AT_ONCE = 6;

/** Heavier, a picture is slow on a phone; much heavier, it often does not come at all. */
const HEAVY_BYTES = 1_000_000;
const TOO_HEAVY_BYTES = 3_000_000;

export interface CheckWebDeps {
  readonly checks: Checks;
  readonly askLink: AskLink;
  readonly places: Places;
  readonly sources: ReadonlyMap<string, Pick<Source, 'picture'>>;
}

/** Asks every address of these editions once. */
export async function checkWeb(
  deps: CheckWebDeps,
  draft: Draft,
  editions: AsyncIterable<Edition>,
  signal?: AbortSignal,
): Promise<readonly Finding[]> {
  const where = editionPlaces(deps.places, draft);
  const addresses = new Map<string, MailAddress>();
  for await (const edition of editions) {
    for (const address of await deps.checks.addresses(edition, draft.newsletter, where))
      if (!isToldAlready(address)) addresses.set(`${address.kind} ${address.url}`, address);
  }
  const waiting = [...addresses.values()];
  const answers = new Map<MailAddress, LinkAnswer>();
  const worker = async () => {
    for (let next = waiting.shift(); next && !signal?.aborted; next = waiting.shift())
      answers.set(next, await deps.askLink(next.url, signal));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  signal?.throwIfAborted();
  if (answers.size > 0 && [...answers.values()].every(isSilent)) return [nobodyAnswers(answers.size)];
  const found: Finding[] = [];
  for (const [address, answer] of answers) {
    const findings = findingsIn(answer, address);
    const isBroken = findings.some(({ code }) => code === 'image.broken');
    found.push(...((isBroken && (await notYetPublished(deps, draft, address))) || findings));
  }
  return found;
}

/** A picture that is a file of the source goes on the web with the next build of the site. */
async function notYetPublished(
  { sources }: CheckWebDeps,
  { selection }: Draft,
  { kind: _, url, ...origin }: MailAddress,
): Promise<readonly Finding[] | undefined> {
  const posts = selection.chosen.map(({ post }) => post);
  const local = await findLocalPicture(sources, url, posts);
  if (!local) return undefined;
  const message = `The picture ${url} is not on the web yet. Its file is ${local.file}.`;
  const fix = 'Publish the site before the issue is sent. If it is published, correct the address.';
  return [findingOf('image.unpublished', { message, fix, ...origin })];
}

/** A link whose very name is private was found without asking. */
function isToldAlready({ kind, url }: MailAddress): boolean {
  return kind === 'link' && isPrivateHost(new URL(url).hostname);
}

function isSilent({ kind }: LinkAnswer): boolean {
  return kind === 'no-such-host' || kind === 'failed';
}

/** If no address answers at all, the network of this machine is the likelier cause. */
function nobodyAnswers(count: number): Finding {
  const message = `None of the ${count} addresses answers, so none of them was checked.`;
  const fix = 'See whether this machine is on the network; then check again.';
  return findingOf('link.unreachable', { message, fix, where: 'the network' });
}

/** What an answer says about an address. Pure. */
export function findingsIn(answer: LinkAnswer, address: MailAddress): readonly Finding[] {
  const { kind, url, ...origin } = address;
  const said = (code: FindingCode, message: string, fix: string) => [findingOf(code, { message, fix, ...origin })];
  const named = kind === 'link' ? `The link to ${url}` : `The picture ${url}`;
  switch (answer.kind) {
    case 'private':
      return said('link.private', `${named} leads into a private network.`, 'Write the public address.');
    case 'no-such-host':
      return said(`${kind}.broken`, `${named} leads nowhere: there is no such host.`, 'Correct the address.');
    case 'failed':
      return said(`${kind}.unreachable`, `${named} could not be followed: ${answer.text}.`, 'See whether it opens.');
    case 'answered':
      return answeredFindings(answer, address, named, said);
  }
}

function answeredFindings(
  answer: LinkAnswer & { readonly kind: 'answered' },
  { kind, url }: MailAddress,
  named: string,
  said: (code: FindingCode, message: string, fix: string) => readonly Finding[],
): readonly Finding[] {
  const { status, moved } = answer;
  if (status === 404 || status === 410)
    return said(`${kind}.broken`, `${named} leads nowhere (${status}).`, 'Correct the address, or take it out.');
  if (status >= 400) {
    const fix = 'See whether it opens: some servers refuse programs.';
    return said(`${kind}.unreachable`, `${named} is refused (${status}).`, fix);
  }
  if (kind === 'image') return pictureFindings(answer, named, said);
  if (moved !== 'for-good' || answer.url === url) return [];
  return said('link.moved', `${named} is sent on to ${answer.url} for good.`, 'Write that address.');
}

function pictureFindings(
  { type = '', bytes = 0 }: LinkAnswer & { readonly kind: 'answered' },
  named: string,
  said: (code: FindingCode, message: string, fix: string) => readonly Finding[],
): readonly Finding[] {
  if (!type.startsWith('image/'))
    return said(
      'image.broken',
      `${named} is no picture but ${type || 'something without a type'}.`,
      'Correct its address.',
    );
  const format = /^image\/(?:webp|avif|svg\+xml|heic|tiff)$/.test(type)
    ? said('image.format', `${named} is ${type}, which Outlook cannot show.`, 'Use a JPEG, PNG or GIF for it.')
    : [];
  if (bytes <= HEAVY_BYTES) return format;
  const megabytes = (bytes / 1e6).toFixed(1);
  const code = bytes > TOO_HEAVY_BYTES ? 'image.too-heavy' : 'image.heavy';
  return [
    ...format,
    ...said(code, `${named} weighs ${megabytes} MB.`, 'Make it smaller; 1200 pixels across are enough.'),
  ];
}
