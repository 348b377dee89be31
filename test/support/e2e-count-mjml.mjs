/** Module hooks that put a counting function in the place of MJML, for every module but the counting one. */

const COUNTING = 'data:gazette/counting-mjml';

export async function resolve(specifier, context, next) {
  if (specifier !== 'mjml') return next(specifier, context);
  const { url } = await next(specifier, context);
  return { url: `${COUNTING},${encodeURIComponent(url)}`, shortCircuit: true };
}

export async function load(url, context, next) {
  if (!url.startsWith(COUNTING)) return next(url, context);
  const real = decodeURIComponent(url.slice(COUNTING.length + 1));
  const source = `
    import convert from ${JSON.stringify(real)};
    export default (...given) => {
      globalThis.mjmlRan();
      return convert(...given);
    };`;
  return { format: 'module', source, shortCircuit: true };
}
