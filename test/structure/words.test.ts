/** The words of the program: what the glossary says to avoid is no name of a file or of anything that is exported. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/** Avoided for one noun of the glossary, and right for something else: only a reader can tell these apart. */
const OTHERWISE_RIGHT = new Set(
  `block chunk content entry event failed fetch issue item job layout list log period provider queue recipient retry room run
  send sent slot slug tag user variable word words yes`.split(/\s+/),
);
/** Metaphors and job titles that the program has had names from. */
const NEVER = ['house', 'corridor', 'storey', 'take over', 'hang up', 'mend'];
/** They translate to words that are released: settings, columns and JSON keep theirs. */
const RELEASED = new Set(['preferencesAsWishes']);

function avoidedWords(glossary: string): readonly string[] {
  const cells = glossary.split('\n').flatMap((line) => /^\|[^|]*\|[^|]*\|([^|]*)\|$/.exec(line)?.[1] ?? []);
  const words = cells.flatMap((cell) => cell.replace(/\([^)]*\)/g, '').split(','));
  const avoided = words.map((word) => word.trim().toLowerCase()).filter((word) => /^[a-z][a-z -]*$/.test(word));
  return [...avoided, ...NEVER].filter((word) => word !== 'avoid' && !OTHERWISE_RIGHT.has(word));
}

/** The words of a name: `openFetchWeb` and `fetch-web` give `open fetch web` and `fetch web`. */
function wordsOf(name: string): string {
  return name
    .replace(/wordpress/gi, 'Wordpress')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[-_.]/g, ' ')
    .toLowerCase();
}

function exportedNames(text: string): readonly string[] {
  const found = text.matchAll(/^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm);
  return [...found].map(([, name]) => name as string);
}

function wrongNames(names: readonly string[], avoided: readonly string[]): readonly string[] {
  return names.filter((name) => {
    if (RELEASED.has(name)) return false;
    const words = ` ${wordsOf(name)} `;
    return avoided.some((word) => words.includes(` ${word} `) || words.includes(` ${word}s `));
  });
}

const avoided = avoidedWords(readFileSync(join(SRC, 'domain/GLOSSARY.md'), 'utf8'));

test('no file and no export is named by a word that the glossary avoids', () => {
  expect(avoided.length).toBeGreaterThan(40);
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const wrong = files.flatMap((file) =>
    wrongNames([basename(file, '.ts'), ...exportedNames(readFileSync(join(SRC, file), 'utf8'))], avoided).map(
      (name) => `${file}: ${name}`,
    ),
  );
  expect(wrong).toEqual([]);
});

test.each(['openPrintShop', 'live-desk', 'Clerk', 'RunLanes', 'heldOver', 'takeOver'])('%s is found', (name) => {
  expect(wrongNames([name], avoided)).toEqual([name]);
});
