/**
 * What editors arranged, as files below content/issues (rule: files). A file is named by the occurrence it is for, in the
 * newsletter's own time, so that every machine finds it without asking a ledger.
 */
import { createHash } from 'node:crypto';
import { basename, dirname, join, relative, sep } from 'node:path';
import { isEmptyArrangement } from '../domain/arrangement.js';
import { GazetteError, type Problem } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Arrangements, WrittenArrangement } from '../domain/ports/content.js';
import type { Calendar, Files } from '../domain/ports/host.js';
import { didYouMean } from '../written/closest-name.js';
import { arrangementText, holdsComments } from './arrangement-text.js';
import { invalidSettings } from './invalid-settings.js';
import { readArrangement } from './read-arrangement.js';

export interface ArrangementTools {
  readonly files: Files;
  readonly calendar: Calendar;
  /** Absolute: the workspace. */
  readonly root: string;
  /** The ids there are. */
  readonly newsletters: readonly string[];
}

const ENDING = /\.ya?ml$/i;
const STEM = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2})(\d{2}))?$/;
const SCHEMAS = ['', 'node_modules/gazette/'].map((place) => `${place}docs/schemas/arrangement.schema.json`);
const DAY_MS = 86_400_000;

export function openArrangements({ files, calendar, root, newsletters }: ArrangementTools): Arrangements {
  const folderOf = ({ id }: Newsletter) => join(root, 'content', 'issues', id);
  const shown = (path: string) => relative(root, path).split(sep).join('/');
  let writing: Promise<unknown> = Promise.resolve();

  /** Files of no newsletter: one of each folder is enough to find it. */
  async function lostFiles(): Promise<readonly Problem[]> {
    const folder = join(root, 'content', 'issues');
    const found = ((await files.list(folder)) ?? []).filter((path) => ENDING.test(path));
    const lost = new Map<string, Problem>();
    for (const path of found) {
      const [name = '', ...within] = relative(folder, path).split(sep);
      const id = within.length === 0 ? '' : name;
      if (newsletters.includes(id) || lost.has(id)) continue;
      const message =
        id === ''
          ? 'The file must be in a folder with the id of its newsletter; it will never serve.'
          : `There is no newsletter “${id}”; the file will never serve.${didYouMean(id, newsletters)}`;
      lost.set(id, { where: `${shown(path)}:1:1`, message });
    }
    return [...lost.values()];
  }

  async function pathsOf(newsletter: Newsletter): Promise<readonly string[]> {
    const folder = folderOf(newsletter);
    const isOwn = (path: string) => dirname(path) === folder && ENDING.test(path) && !basename(path).startsWith('.');
    return ((await files.list(folder)) ?? []).filter(isOwn);
  }

  /** The occurrence a file is for; `undefined` where its name is none. */
  function occurrenceNamed({ schedule, timezone }: Newsletter, stem: string): Date | undefined {
    const [, date, hour, minute] = STEM.exec(stem) ?? [];
    if (date === undefined) return undefined;
    const day = Date.parse(`${date}T00:00:00Z`);
    if (Number.isNaN(day)) return undefined;
    // A day begins up to 14 hours before and 12 hours after it does in UTC.
    let at = calendar.next(schedule, timezone, new Date(day - DAY_MS));
    const wanted = hour === undefined ? date : `${date}T${hour}:${minute}`;
    for (;;) {
      const local = calendar.localTime(timezone, at);
      if (local.startsWith(wanted)) return at;
      if (local.slice(0, 10) > date) return undefined;
      at = calendar.next(schedule, timezone, at);
    }
  }

  /** The path of the file for an occurrence; throws where two files are. */
  async function pathFor(newsletter: Newsletter, occurrence: Date): Promise<string | undefined> {
    const date = calendar.localTime(newsletter.timezone, occurrence).slice(0, 10);
    const [only, second] = (await pathsOf(newsletter)).filter(
      (path) =>
        basename(path).startsWith(date) &&
        occurrenceNamed(newsletter, stemOf(path))?.getTime() === occurrence.getTime(),
    );
    if (only === undefined || second === undefined) return only;
    const message = `This file and ${shown(only)} arrange the same issue; keep one of them.`;
    throw invalidSettings([{ where: `${shown(second)}:1:1`, message }]);
  }

  /** The date alone where the schedule has one occurrence on that day. */
  function newPathFor(newsletter: Newsletter, occurrence: Date): string {
    const { schedule, timezone } = newsletter;
    const dateOf = (at: Date) => calendar.localTime(timezone, at).slice(0, 10);
    const date = dateOf(occurrence);
    const isOne =
      dateOf(calendar.previous(schedule, timezone, occurrence)) !== date &&
      dateOf(calendar.next(schedule, timezone, occurrence)) !== date;
    const stem = isOne ? date : calendar.localTime(timezone, occurrence).replace(':', '');
    return join(folderOf(newsletter), `${stem}.yaml`);
  }

  function written(newsletter: Newsletter, path: string, bytes: Uint8Array): WrittenArrangement {
    const file = shown(path);
    return { file, stem: stemOf(path), version: versionOf(bytes), ...readArrangement(bytes, file, newsletter) };
  }

  /** Where editors' programs find the schema, from a file; `undefined` where it is not at hand. */
  async function schemaFrom(path: string): Promise<string | undefined> {
    for (const place of SCHEMAS) {
      const schema = join(root, place);
      if (await files.read(schema)) return relative(dirname(path), schema).split(sep).join('/');
    }
    return undefined;
  }

  async function write(
    newsletter: Newsletter,
    occurrence: Date,
    arrangement: Parameters<Arrangements['write']>[2],
    version: string | undefined,
  ): Promise<WrittenArrangement | undefined> {
    const path = (await pathFor(newsletter, occurrence)) ?? newPathFor(newsletter, occurrence);
    const before = await files.read(path);
    if ((before && versionOf(before)) !== version) {
      throw new GazetteError('config.changed', `Somebody else has changed ${shown(path)} in the meantime.`, {
        where: `${shown(path)}:1:1`,
      });
    }
    const schema = before ? undefined : await schemaFrom(path);
    const text = arrangementText(before && new TextDecoder().decode(before), arrangement, schema);
    if (isEmptyArrangement(arrangement) && !holdsComments(text)) {
      if (before) await files.remove(path);
      return undefined;
    }
    const bytes = new TextEncoder().encode(text);
    // What could not be read back must never replace what can.
    const result = written(newsletter, path, bytes);
    await files.write(path, bytes);
    return result;
  }

  return {
    async read(newsletter, occurrence) {
      const path = await pathFor(newsletter, occurrence);
      const bytes = path === undefined ? undefined : await files.read(path);
      return path === undefined || bytes === undefined ? undefined : written(newsletter, path, bytes);
    },

    async occurrences(newsletter, since, until) {
      const from = calendar.localTime(newsletter.timezone, since).slice(0, 10);
      const to = calendar.localTime(newsletter.timezone, until).slice(0, 10);
      const stems = (await pathsOf(newsletter)).map(stemOf);
      const moments = stems
        .filter((stem) => stem.slice(0, 10) >= from && stem.slice(0, 10) <= to)
        .flatMap((stem) => occurrenceNamed(newsletter, stem) ?? [])
        .filter((at) => at > since && at <= until)
        .map((at) => at.getTime());
      return [...new Set(moments)].sort((one, other) => one - other).map((at) => new Date(at));
    },

    async strays(newsletter, since) {
      const from = calendar.localTime(newsletter.timezone, since).slice(0, 10);
      const problems: Problem[] = [...(await lostFiles())];
      for (const path of await pathsOf(newsletter)) {
        const stem = stemOf(path);
        const isPast = STEM.test(stem) && stem.slice(0, 10) < from;
        if (isPast || occurrenceNamed(newsletter, stem)) continue;
        const message = STEM.test(stem)
          ? `“${newsletter.id}” has no issue at that time; the file will never serve.`
          : 'The name must be the day of an issue, such as 2026-11-30.yaml; the file will never serve.';
        problems.push({ where: `${shown(path)}:1:1`, message });
      }
      return problems;
    },

    // One after another: of two writers in one process the second sees what the first has written.
    write(...change) {
      const result = writing.then(() => write(...change));
      writing = result.catch(() => undefined);
      return result;
    },

    fileOf: async (newsletter, occurrence) =>
      shown((await pathFor(newsletter, occurrence)) ?? newPathFor(newsletter, occurrence)),
  };
}

function stemOf(path: string): string {
  return basename(path).replace(ENDING, '');
}

function versionOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}
