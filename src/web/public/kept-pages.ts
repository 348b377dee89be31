/**
 * Pages for everybody, kept ready with their validators and compressed forms: a request for one that has not changed renders
 * nothing and reads nothing (rule: strangers-cost-little).
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import { SAFE_HEADERS } from '../http-errors.js';

export interface KeptPages {
  /** Answers with the kept page of this key, made again when its version has changed. `undefined`: there is no such page. */
  answer(header: RequestHeader, page: KeptPage, target: string): Promise<KeptAnswer | undefined>;
  /** The same at once, for a target that was answered before, while its page is kept and known to be unchanged; otherwise `undefined`. */
  answerAtOnce(header: RequestHeader, target: string): KeptAnswer | undefined;
  /** Bytes that are kept. */
  readonly bytes: number;
}

/** A header of the request, by its name. */
type RequestHeader = (name: string) => string | undefined;

export interface KeptAnswer {
  readonly status: 200 | 304;
  /** `null`: the client has it. */
  readonly body: Uint8Array<ArrayBuffer> | null;
  /** All of them. */
  readonly headers: { readonly [name: string]: string };
}

export interface KeptPage {
  /** Equal for equal pages. */
  readonly key: string;
  /** Whose archive it depends on. */
  readonly newsletter?: string;
  readonly cacheControl: string;
  /** How long it is kept; by default a minute, after which posts may be due or expired. */
  readonly keepMs?: number;
  /** Called before it is made: false refuses. */
  mayMake?(): boolean;
  make(): Promise<MadePage | undefined>;
}

export interface MadePage {
  readonly body: string;
  readonly headers: { readonly [name: string]: string };
}

export interface KeptPagesOptions {
  /** Changes with whatever the pages of a newsletter show, or what all pages have in common. */
  version(newsletter: string | undefined): Promise<string>;
  /** The most bytes that are kept. */
  readonly mostBytes?: number;
  /** How long a version is used before it is asked for again. */
  readonly lookEveryMs?: number;
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs?: () => number;
}

/** Some hundred issues of 42 kB, each in three forms. */
const MOST_BYTES = 24 * 1024 * 1024;
const LOOK_EVERY_MS = 1_000;
const KEEP_MS = 60_000;
/** Below this, compressing saves no packet. */
const LEAST_COMPRESSED = 1_000;
/** What a kept page takes beside its bytes. */
const ENTRY_BYTES = 1_000;
/** Targets whose page is known. */
const MOST_TARGETS = 2_000;
/** Newsletters whose version is known; a stranger may ask for any name. */
const MOST_VERSIONS = 500;

type Encoding = 'br' | 'gzip' | 'identity';

interface Entry {
  readonly version: string;
  readonly madeAtMs: number;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Without quotes; each encoding adds its name, because a strong validator names exact bytes (RFC 9110 §8.8.3.3). */
  readonly tag: string;
  readonly headers: MadePage['headers'];
  readonly compressed: Map<Encoding, Promise<Uint8Array<ArrayBuffer>>>;
  readonly answers: Map<Encoding, Answers>;
  bytes: number;
}

/** What is answered in one encoding. */
interface Answers {
  readonly whole: KeptAnswer;
  /** Absent for a page that clients may not keep. */
  readonly unchanged?: KeptAnswer;
}

export class TooManyPages extends Error {}

export function openKeptPages(options: KeptPagesOptions): KeptPages {
  const { version, mostBytes = MOST_BYTES, lookEveryMs = LOOK_EVERY_MS, nowMs = () => performance.now() } = options;
  const kept = new LRUCache<string, Entry>({ maxSize: mostBytes, sizeCalculation: ({ bytes }) => bytes });
  const targets = new LRUCache<string, Pick<KeptPage, 'key' | 'newsletter' | 'cacheControl' | 'keepMs'>>({
    max: MOST_TARGETS,
  });
  const making = new Map<string, Promise<Entry | undefined>>();
  const versions = new LRUCache<string, { readonly atMs: number; readonly text: Promise<string>; known?: string }>({
    max: MOST_VERSIONS,
  });

  function versionNow(newsletter: string | undefined): Promise<string> {
    const before = versions.get(newsletter ?? '');
    if (before && nowMs() - before.atMs < lookEveryMs) return before.text;
    const text = version(newsletter);
    const asked: { readonly atMs: number; readonly text: Promise<string>; known?: string } = { atMs: nowMs(), text };
    versions.set(newsletter ?? '', asked);
    text.then(
      (known) => Object.assign(asked, { known }),
      () => versions.delete(newsletter ?? ''),
    );
    return text;
  }

  /** `undefined` when it has to be asked for first. */
  function versionKnown(newsletter: string | undefined): string | undefined {
    const before = versions.get(newsletter ?? '');
    return before && nowMs() - before.atMs < lookEveryMs ? before.known : undefined;
  }

  async function entryOf(page: KeptPage): Promise<Entry | undefined> {
    const present = await versionNow(page.newsletter);
    const before = freshEntry(page, present);
    if (before) return before;
    const running = making.get(page.key);
    if (running) return running;
    if (page.mayMake?.() === false) throw new TooManyPages();
    const made = make(page, present).finally(() => making.delete(page.key));
    making.set(page.key, made);
    return made;
  }

  function freshEntry({ key, keepMs = KEEP_MS }: Pick<KeptPage, 'key' | 'keepMs'>, present: string): Entry | undefined {
    const entry = kept.get(key);
    const isFresh = entry?.version === present && nowMs() - entry.madeAtMs < (lookEveryMs === 0 ? 0 : keepMs);
    return isFresh ? entry : undefined;
  }

  async function make(page: KeptPage, present: string): Promise<Entry | undefined> {
    const madeAtMs = nowMs();
    const made = await page.make();
    if (!made) return undefined;
    const body = new TextEncoder().encode(made.body);
    const tag = createHash('sha256').update(body).digest('base64url').slice(0, 22);
    const before = kept.get(page.key);
    const entry: Entry = {
      version: present,
      madeAtMs,
      tag,
      headers: made.headers,
      body: before?.tag === tag ? before.body : body,
      compressed: before?.tag === tag ? before.compressed : new Map(),
      answers: new Map(),
      bytes: before?.tag === tag ? before.bytes : body.length + ENTRY_BYTES,
    };
    kept.set(page.key, entry);
    return entry;
  }

  async function bodyOf(key: string, entry: Entry, encoding: Encoding): Promise<Uint8Array<ArrayBuffer>> {
    if (encoding === 'identity') return entry.body;
    const before = entry.compressed.get(encoding);
    if (before) return before;
    const compressing = compress(entry.body, encoding);
    entry.compressed.set(encoding, compressing);
    const bytes = await compressing;
    entry.bytes += bytes.length;
    // Counts the bytes again, unless it has been replaced or dropped.
    if (kept.peek(key) === entry) kept.set(key, entry);
    return bytes;
  }

  return {
    async answer(header, page, target) {
      const entry = await entryOf(page);
      if (!entry) return undefined;
      const { key, newsletter, cacheControl, keepMs } = page;
      targets.set(targetKey(header, target), {
        key,
        cacheControl,
        ...(newsletter && { newsletter }),
        ...(keepMs && { keepMs }),
      });
      return answerFrom(header, page, entry);
    },
    answerAtOnce(header, target) {
      const page = targets.get(targetKey(header, target));
      const present = page && versionKnown(page.newsletter);
      const entry = page && present !== undefined ? freshEntry(page, present) : undefined;
      const answers = entry?.answers.get(encodingOf(entry, header));
      return entry && answers && chosen(answers, header, entry);
    },
    get bytes() {
      return kept.calculatedSize;
    },
  };

  async function answerFrom(
    header: RequestHeader,
    { key, cacheControl }: Pick<KeptPage, 'key' | 'cacheControl'>,
    entry: Entry,
  ): Promise<KeptAnswer> {
    const encoding = encodingOf(entry, header);
    const answers =
      entry.answers.get(encoding) ?? answersOf(entry, cacheControl, encoding, await bodyOf(key, entry, encoding));
    entry.answers.set(encoding, answers);
    return chosen(answers, header, entry);
  }
}

function answersOf(entry: Entry, cacheControl: string, encoding: Encoding, body: Uint8Array<ArrayBuffer>): Answers {
  const isStored = cacheControl !== 'no-store';
  const { 'Content-Type': type, ...others } = entry.headers;
  const headers = {
    ...SAFE_HEADERS,
    ...others,
    'Cache-Control': cacheControl,
    Vary: entry.headers.Vary ? `${entry.headers.Vary}, Accept-Encoding` : 'Accept-Encoding',
    ...(isStored && { ETag: tagFor(entry, encoding) }),
  };
  const ofBody = {
    ...(type !== undefined && { 'Content-Type': type }),
    ...(encoding !== 'identity' && { 'Content-Encoding': encoding }),
    'Content-Length': String(body.length),
  };
  return {
    whole: { status: 200, body, headers: { ...headers, ...ofBody } },
    ...(isStored && { unchanged: { status: 304, body: null, headers } }),
  };
}

function chosen({ whole, unchanged }: Answers, header: RequestHeader, entry: Entry): KeptAnswer {
  return unchanged && isKnown(header('If-None-Match'), entry) ? unchanged : whole;
}

function encodingOf({ body }: Entry, header: RequestHeader): Encoding {
  return body.length < LEAST_COMPRESSED ? 'identity' : encodingFor(header('Accept-Encoding'));
}

/** Some pages depend on the language of the client. */
function targetKey(header: RequestHeader, target: string): string {
  return `${target} ${header('Accept-Language') ?? ''}`;
}

function tagFor({ tag }: Entry, encoding: Encoding): string {
  return encoding === 'identity' ? `"${tag}"` : `"${tag}-${encoding}"`;
}

/** Whether the client has the page in any encoding (RFC 9110 §13.1.2). */
function isKnown(asked: string | undefined, { tag }: Entry): boolean {
  if (asked === undefined) return false;
  return asked.split(',').some((each) => {
    const plain = each.trim().replace(/^W\//, '');
    return plain === '*' || plain === `"${tag}"` || plain === `"${tag}-br"` || plain === `"${tag}-gzip"`;
  });
}

const ENCODINGS = [
  ['br', /(?:^|[,\s])br(?:;q=([\d.]+))?(?:,|$)/],
  ['gzip', /(?:^|[,\s])gzip(?:;q=([\d.]+))?(?:,|$)/],
] as const;

/** The best encoding the client takes. */
function encodingFor(given = ''): Encoding {
  const accepted = given.toLowerCase();
  for (const [encoding, pattern] of ENCODINGS) {
    const found = pattern.exec(accepted);
    if (found && Number(found[1] ?? 1) > 0) return encoding;
  }
  return 'identity';
}

const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

async function compress(body: Uint8Array, encoding: 'br' | 'gzip'): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = encoding === 'br' ? await promisify(brotliCompress)(body, BROTLI) : await promisify(gzip)(body);
  return new Uint8Array(bytes);
}
