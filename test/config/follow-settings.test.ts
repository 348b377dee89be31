/** Settings that change while they are in use (rule: settings-followed). */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { followSettings, settingsState } from '../../src/config/follow-settings.js';

const ROOT = '/blog';
const WEEKLY = join(ROOT, 'content/newsletters/weekly.yaml');
const SOURCES = join(ROOT, 'content/sources.yaml');

/** A look for each entry: what it changes before that look. Gives the texts that were tried, and the errors that were said. */
async function followed(looks: readonly (() => void)[], disk: Map<string, string>) {
  const stop = new AbortController();
  const waiting = [...looks];
  const tried: string[] = [];
  const said: unknown[] = [];
  const files = {
    read: async (path: string) => {
      const text = disk.get(path);
      if (text === 'unreadable') throw Object.assign(new Error('EACCES'), { code: 'EACCES', path });
      return text === undefined ? undefined : new TextEncoder().encode(text);
    },
    list: async () => [...disk.keys()].filter((path) => path.includes('newsletters')),
  };
  await followSettings(
    {
      files,
      root: ROOT,
      clock: {
        sleep: async () => {
          const next = waiting.shift();
          if (next) next();
          else stop.abort();
        },
      },
      use: async () => {
        const text = disk.get(WEEKLY) ?? '';
        tried.push(text);
        if (text !== 'good' && text !== 'better') throw new Error(text);
      },
      onBroken: (error) => said.push(error),
    },
    await settingsState(files, ROOT),
    stop.signal,
  );
  return { tried, said };
}

const nothing = () => {};

describe('settings that are followed', () => {
  const write = (disk: Map<string, string>, text: string, path = WEEKLY) => {
    return () => void disk.set(path, text);
  };

  it('are used again once their files have changed and are quiet, and not before', async () => {
    const disk = new Map([[WEEKLY, 'good']]);
    const { tried, said } = await followed(
      [nothing, nothing, write(disk, 'bet'), write(disk, 'better'), nothing, nothing],
      disk,
    );
    expect(tried).toEqual(['better']);
    expect(said).toEqual([]);
  });

  it('are said to be broken once for each state of the files, and used again when they are repaired', async () => {
    const disk = new Map([[WEEKLY, 'good']]);
    const broken = [write(disk, 'broken'), nothing, nothing, nothing];
    const { tried, said } = await followed([...broken, write(disk, 'good'), nothing, nothing], disk);
    expect(said.map(String)).toEqual(['Error: broken']);
    expect(tried).toEqual(['broken', 'good']);
  });

  it('may lie in any settings file, which may come and go or be unreadable', async () => {
    const disk = new Map([[WEEKLY, 'good']]);
    const { tried } = await followed(
      [
        ...[write(disk, 'blog: {}', SOURCES), nothing],
        ...[write(disk, 'id: monthly', join(ROOT, 'content/newsletters/monthly.yaml')), nothing],
        ...[() => void disk.delete(join(ROOT, 'content/newsletters/monthly.yaml')), nothing],
        ...[write(disk, 'unreadable', SOURCES), nothing],
      ],
      disk,
    );
    expect(tried).toHaveLength(4);
  });
});
