import { describe, expect, it } from 'vitest';
import type { Opened } from './store.contract.js';

export function sharedContract(store: Opened): void {
  describe('a value that is shared', () => {
    it('is absent until somebody remembers something, and can be forgotten', async () => {
      const { shared } = store();
      expect(await shared.read('pace')).toBeUndefined();
      const result = await shared.change('pace', (before) => ({ after: { turns: 1 }, result: before }));
      expect(result).toBeUndefined();
      expect(await shared.read('pace')).toEqual({ turns: 1 });
      expect(await shared.read('another')).toBeUndefined();
      await shared.change('pace', () => ({ after: undefined, result: undefined }));
      expect(await shared.read('pace')).toBeUndefined();
    });

    it('is never changed by two at once', async () => {
      const { shared } = store();
      const next = () => shared.change('turns', (before) => ({ after: Number(before ?? 0) + 1, result: before ?? 0 }));
      const turns = await Promise.all(Array.from({ length: 30 }, next));
      expect([...turns].sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 30 }, (_, nth) => nth));
    });

    it('stays as it was when the change fails', async () => {
      const { shared } = store();
      await shared.change('pace', () => ({ after: 1, result: undefined }));
      const failing = shared.change('pace', () => {
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await shared.read('pace')).toBe(1);
    });
  });
}
