import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Store } from '../../src/domain/ports/storage.js';
import { openStore } from '../../src/store/index.js';
import { begun, frozenFor, GREYLISTED, listed, NOON, settled } from '../support/store-plans.js';
import type { Opened } from './store.contract.js';

export function backupContract(store: Opened): void {
  describe('a backup', () => {
    it('holds all that its origin does, deliveries and attempts included, and knows that it is a copy', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob', 'cai']);
      const [first] = await begun(store(), issue, 'one', 2);
      await settled(store(), first ? [first] : [], GREYLISTED);
      const file = join(await aFolder(), 'copy.db');
      await store().backup(file, NOON);
      expect(await store().copiedAt()).toBeUndefined();

      const copy = await openStore(file);
      expect(await copy.copiedAt()).toEqual(NOON);
      expect(await copy.ledger.issue('weekly', 1)).toEqual(await store().ledger.issue('weekly', 1));
      expect(await copy.ledger.counts(issue.id)).toEqual(await store().ledger.counts(issue.id));
      expect(await listed(copy.ledger.deliveries(issue.id))).toEqual(await listed(store().ledger.deliveries(issue.id)));
      expect(await listed(copy.audience.list())).toEqual(await listed(store().audience.list()));
      expect((await copy.ledger.editions(issue.id)).map(({ key }) => key)).toEqual(['whole']);
      await copy.adopt();
      expect(await copy.copiedAt()).toBeUndefined();
      await copy.close();
      expect(attemptsIn(file)).toBe(1);
    });

    it('holds the wishes that still wait for their mail', async () => {
      const asked = { at: NOON, form: '/', text: 'Yes', textVersion: '1', ip: '', userAgent: '' };
      const person = { address: 'ann@example.org', addressKey: 'ann@example.org', name: '', language: 'en' };
      await store().signUps.ask({ ...person, purpose: 'sign-up', newsletter: 'weekly', preferences: undefined, asked });
      const file = join(await aFolder(), 'copy.db');
      await store().backup(file, NOON);
      const copy = await openStore(file);
      expect(await copy.signUps.toMail(NOON, NOON, 10)).toEqual(await store().signUps.toMail(NOON, NOON, 10));
      expect(await copy.signUps.toMail(NOON, NOON, 10)).toHaveLength(1);
      await copy.close();
    });

    it('keeps answers and notes, but not what applies to one store only', async () => {
      const memory = [
        'approval weekly 2026-06-08T12:00:00.000Z',
        'schedule weekly Europe/London 0 8 * * 1',
        'note weekly 2026-06-08T12:00:00.000Z',
        'notes that did not arrive',
      ];
      const fleeting = ['round sign-ups', 'pace smtp', 'source blog', 'forgot deliveries at'];
      const kept = ({ shared }: Store) => Promise.all([...memory, ...fleeting].map((key) => shared.read(key)));
      for (const key of [...memory, ...fleeting]) {
        await store().shared.change(key, () => ({ after: { key }, result: undefined }));
      }
      const folder = await aFolder();
      await store().backup(join(folder, 'first.db'), NOON);
      const first = await openStore(join(folder, 'first.db'));
      const left = [...memory.map((key) => ({ key })), ...fleeting.map(() => undefined)];
      expect(await kept(first)).toEqual(left);
      await first.backup(join(folder, 'second.db'), NOON);
      const second = await openStore(join(folder, 'second.db'));
      expect(await kept(second)).toEqual(left);
      await first.close();
      await second.close();
    });

    it('is marked anew when it is a copy of a copy', async () => {
      const folder = await aFolder();
      await store().backup(join(folder, 'first.db'), NOON);
      const first = await openStore(join(folder, 'first.db'));
      const later = new Date(NOON.getTime() + 1_000);
      await first.backup(join(folder, 'second.db'), later);
      const second = await openStore(join(folder, 'second.db'));
      expect(await second.copiedAt()).toEqual(later);
      await first.close();
      await second.close();
    });

    it('writes over nothing, be it a database or not', async () => {
      const folder = await aFolder();
      const [letter, copy] = [join(folder, 'letter.txt'), join(folder, 'copy.db')];
      await writeFile(letter, 'Dear reader, '.repeat(1_000));
      await store().backup(copy, NOON);
      for (const file of [letter, copy]) {
        const before = await readFile(file);
        await expect(store().backup(file, NOON)).rejects.toMatchObject({ code: 'store.exists' });
        expect(await readFile(file)).toEqual(before);
      }
    });
  });
}

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gazette-backup-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

function attemptsIn(file: string): number {
  const database = new DatabaseSync(file);
  const row = database.prepare('select count(*) as count from attempts').get() as { count: number };
  database.close();
  return row.count;
}
