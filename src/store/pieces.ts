/** What the editions of an issue share: kept once, and read again by id (rule: pieces). */
import type { Piece, RenderedMail, Segments } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import type { Queries, Trx } from './database.js';
import { runsOf } from './pages.js';

/** A mail as its edition keeps it: the id of a piece instead of the piece. */
interface KeptMail extends Pick<RenderedMail, 'subject' | 'preheader'> {
  readonly html: KeptSegments;
  readonly text: KeptSegments;
}
type KeptSegments = readonly (Exclude<Segments[number], Piece> | number)[];

export interface PieceWriter {
  /** A mail with its pieces replaced by their ids; new pieces are written first. */
  keep(mail: RenderedMail): Promise<string>;
}

/** Writes the pieces of an issue, each once. */
export function pieceWriter(trx: Trx, issue: number): PieceWriter {
  const ids = new Map<string, number>();

  async function idOf({ key, segments }: Piece): Promise<number> {
    const known = ids.get(key);
    if (known !== undefined) return known;
    const { id } = await trx
      .insertInto('pieces')
      .values({ issue, key, segments: JSON.stringify(segments) })
      .returning('id')
      .executeTakeFirstOrThrow();
    ids.set(key, id);
    return id;
  }

  async function kept(segments: Segments): Promise<KeptSegments> {
    const all: KeptSegments[number][] = [];
    for (const segment of segments)
      all.push(typeof segment === 'object' && segment.kind === 'piece' ? await idOf(segment) : segment);
    return all;
  }

  return {
    async keep({ subject, preheader, html, text }) {
      return JSON.stringify({ subject, preheader, html: await kept(html), text: await kept(text) } satisfies KeptMail);
    },
  };
}

export interface PieceReader {
  /** A mail with its pieces: the same object wherever a piece occurs, while it is kept. */
  mailFrom(kept: string): Promise<RenderedMail>;
}

/** How many characters of pieces are kept in memory. */
const MOST_KEPT = 12_000_000;
const IDS_AT_ONCE = 500;

/** Reads pieces once while they are among the latest. */
export function pieceReader(db: Queries): PieceReader {
  const latest = new Map<number, { readonly piece: Piece; readonly length: number }>();
  let length = 0;

  async function read(ids: readonly number[]): Promise<ReadonlyMap<number, Piece>> {
    const found = new Map<number, Piece>();
    const missing = ids.filter((id) => {
      const kept = latest.get(id);
      if (kept) found.set(id, kept.piece);
      return !kept;
    });
    for (const run of runsOf(missing, IDS_AT_ONCE)) {
      const rows = await db.selectFrom('pieces').select(['id', 'key', 'segments']).where('id', 'in', run).execute();
      for (const row of rows) {
        // Somebody else may have read it meanwhile: there is one object for a piece.
        const piece = latest.get(row.id)?.piece ?? pieceFrom(row);
        found.set(row.id, piece);
        keep(row.id, piece, row.segments.length);
      }
    }
    return found;
  }

  function keep(id: number, piece: Piece, size: number): void {
    length += size - (latest.get(id)?.length ?? 0);
    latest.set(id, { piece, length: size });
    for (const [oldest, { length: its }] of latest) {
      if (length <= MOST_KEPT || latest.size === 1) return;
      latest.delete(oldest);
      length -= its;
    }
  }

  return {
    async mailFrom(kept) {
      const { subject, preheader, html, text } = JSON.parse(kept) as KeptMail;
      const ids = [...html, ...text].filter((each) => typeof each === 'number');
      const found = await read([...new Set(ids)]);
      const filled = (segments: KeptSegments): Segments =>
        segments.map((each) => (typeof each === 'number' ? pieceIn(found, each) : each));
      return { subject, preheader, html: filled(html), text: filled(text) };
    },
  };
}

function pieceFrom({ key, segments }: { readonly key: string; readonly segments: string }): Piece {
  return { kind: 'piece', key, segments: JSON.parse(segments) as Segments };
}

function pieceIn(found: ReadonlyMap<number, Piece>, id: number): Piece {
  const piece = found.get(id);
  if (!piece) throw new GazetteError('store.failed', `The ledger holds no piece ${id}, which an edition refers to.`);
  return piece;
}
