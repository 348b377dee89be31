/** Bodies of posts made to be slow to read: openers that are never closed, closers without openers, and much of each. */

const PIECES = [
  ...[
    '{{ x }}',
    '{{ site.url }}',
    '{{ "a" | prepend: ',
    '{% post_url a %}',
    '{{< ref "a" >}}',
    '{% include youtube.html id="',
    '$',
    '$$',
    '$a',
    '$a$ ',
    '\\(',
    '\\(a^b\\)',
    '[[a|b]]',
    '[[',
    ':a:',
    '<iframe src="//a.example">',
    '[a](b.md)',
    '{{',
    '{{ ',
    '{% x',
    '{%',
    '{#a ',
    '{#a}',
    '{#',
    ' {.b}',
    '{.b} ',
    '{:a ',
    '{: .x}',
    '::: a\n',
    '}',
    '}}',
  ],
  ...['[{{x}}]: /\n', '[a{{x}}b]: /\n', 'a{{x}}', '[a1] ', '[', ']', '[a](', '![', '](', '`', '``` ', '```\n', '~~~\n'],
  ...['<code>', '</code>', '<pre>', '<a href="', '<!--', '-->', '<div>', '<p', '</p>', '<table>', '&amp;', '&#', '&'],
  ...['{% highlight x %}', '{% endhighlight %}', '{% comment %}', '{% raw %}', '{% endraw %}', '*/', '{{</* x */>}}'],
  ...[
    '{{< figure src="a" >}}',
    '{{< figure src="',
    '{{</* x ',
    '{{< figure a=',
    '{ ',
    '{"a ',
    '<A b={',
    '<A ',
    '{/* more',
  ],
  ...[
    'import x\n',
    'export x\n\n',
    ' ',
    '\t',
    '\n',
    '\n\n',
    '> ',
    '- ',
    '1. ',
    'a',
    'a ',
    '=',
    '"',
    '_',
    '*',
    '**a',
    '~',
  ],
  ...[
    '| a ',
    '|\n',
    '|-|\n',
    '[^1]',
    '[^1]: a\n',
    '# ',
    'a\n===\n',
    '\\',
    '\uFDD0',
    '\uFDD0 ',
    'é',
    '今',
    '🙃',
    'e\u0301',
  ],
];

export interface HostileBody {
  readonly name: string;
  /** About so many characters of it. */
  make(length: number): string;
}

function repeated(...pieces: readonly string[]): HostileBody {
  const unit = pieces.join('');
  return { name: JSON.stringify(unit), make: (length) => unit.repeat(Math.ceil(length / unit.length)) };
}

/** A run that a last character spoils. */
function spoiled(piece: string): HostileBody {
  const name = `${JSON.stringify(piece)} and a line of a’s`;
  return { name, make: (length) => `{{ x }}\n\n${repeated(piece).make(length / 2)}\n${'a'.repeat(length / 2)}!` };
}

/** Each piece for itself, spoiled, and with one of the others. */
export const HOSTILE_BODIES: readonly HostileBody[] = [
  ...PIECES.map((piece) => repeated(piece)),
  ...PIECES.filter((_, nth) => nth % 3 === 0).map(spoiled),
  ...PIECES.map((piece, nth) => repeated(piece, PIECES[(nth * 7 + 3) % PIECES.length] ?? '')),
  {
    name: 'a definition of nine pieces',
    make: (length) => `{{ x }}\n\n[${'a{{x}}'.repeat(9)}]: /\n\n[${'a'.repeat(length)}!\n`,
  },
  {
    name: 'lists that go ever deeper',
    make: (length) => Array.from({ length: Math.sqrt(length) }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n'),
  },
  { name: 'quotes in quotes', make: (length) => `${'>'.repeat(length)} a` },
  { name: 'elements in elements', make: (length) => '<div>'.repeat(length / 5) },
];
