import { createRequire } from 'node:module';
import { expect, it } from 'vitest';

it('loads MJML with the first mail printed, not before: a process that only sends never needs it', async () => {
  const { aPrintShop, aRenderInput } = await import('../support/render-fixtures.js');
  const { cache } = createRequire(import.meta.url);
  const isLoaded = (): boolean => Object.keys(cache).some((path) => /[\\/]mjml-core[\\/]/.test(path));
  const shop = aPrintShop();
  await shop.words('en');
  expect(isLoaded()).toBe(false);
  await shop.render(aRenderInput());
  expect(isLoaded()).toBe(true);
});
