/**
 * YAML as nodes with places. Text that is nested too deeply is refused before the parser recurses into it: its stack would be
 * exhausted, and Node 20 can end the whole process for that.
 */
import { Composer, type Document, Lexer, LineCounter, Parser } from 'yaml';

export interface ParsedYaml {
  readonly document: Document.Parsed;
  /** Line and column of a place in the text, both counted from 1. */
  placeOf(offset: number): { readonly line: number; readonly column: number };
  /** Where the text is nested too deeply; what follows was not read. */
  readonly tooDeepAt?: number;
  /** Where a second document begins. */
  readonly secondAt?: number;
}

/** Far above any honest file. */
const DEEPEST = 100;

/** Parses YAML 1.2, or JSON. Never throws: what is wrong is in `document.errors` and the fields beside it. */
export function parseYaml(text: string, options: { readonly uniqueKeys?: boolean } = {}): ParsedYaml {
  const lines = new LineCounter();
  let tooDeepAt: number | undefined;
  const parser = new Parser(lines.addNewLine);
  function* tokens() {
    lines.addNewLine(0);
    for (const lexeme of new Lexer().lex(text)) {
      yield* parser.next(lexeme);
      if (parser.stack.length <= DEEPEST) continue;
      tooDeepAt = parser.offset;
      return;
    }
    yield* parser.end();
  }
  const composer = new Composer({ prettyErrors: false, ...options });
  const [document, second] = [...composer.compose(tokens(), true, text.length)];
  return {
    document: document as Document.Parsed,
    placeOf(offset) {
      const { line, col } = lines.linePos(offset);
      return { line: Math.max(1, line), column: Math.max(1, col) };
    },
    ...(tooDeepAt !== undefined && { tooDeepAt }),
    ...(second && { secondAt: second.range[0] }),
  };
}
