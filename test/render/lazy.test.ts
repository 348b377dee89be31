import { createRequire } from 'node:module';
import { expect, it } from 'vitest';

it('loads the template engine and MJML with the first mail printed: a process that only sends never needs them', async () => {
  const { aPrintShop, aRenderInput } = await import('../support/render-fixtures.js');
  const { cache } = createRequire(import.meta.url);
  const isLoaded = (library: string): boolean =>
    Object.keys(cache).some((path) => path.replaceAll('\\', '/').includes(`/node_modules/${library}/`));
  const shop = aPrintShop();
  await shop.words('en');
  expect([isLoaded('handlebars'), isLoaded('mjml-core')]).toEqual([false, false]);
  await shop.render(aRenderInput());
  expect([isLoaded('handlebars'), isLoaded('mjml-core')]).toEqual([true, true]);
});
