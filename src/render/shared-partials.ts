/** Which partials of a theme show nothing but what they are given, so that their text can be shared by editions (rule: pieces). Pure. */
import Handlebars from 'handlebars';

/** The fields of a mail that differ between the editions of an issue in one language. */
const EDITION_FIELDS = new Set(['subject', 'preheader', 'sections', 'lead', 'showContents', 'count']);
/** What a loop around a partial tells it. */
const LOOP_DATA = new Set(['index', 'key', 'first', 'last']);

/** The names of the partials that read nothing of the edition but their own context. */
export function sharedPartials(partials: ReadonlyMap<string, hbs.AST.Program>): ReadonlySet<string> {
  const readings = new Map([...partials].map(([name, program]) => [name, readingOf(program)]));
  const isShared = (name: string, seen: readonly string[]): boolean => {
    const reading = readings.get(name);
    if (!reading || reading.readsAround || seen.includes(name)) return false;
    return reading.partials.every((inner) => isShared(inner, [...seen, name]));
  };
  return new Set([...partials.keys()].filter((name) => isShared(name, [])));
}

interface Reading {
  /** Whether it reads what differs between editions, or where it is called. */
  readonly readsAround: boolean;
  readonly partials: readonly string[];
}

function readingOf(program: hbs.AST.Program): Reading {
  const reader = new Reader();
  reader.accept(program);
  return reader;
}

class Reader extends Handlebars.Visitor implements Reading {
  readsAround = false;
  readonly partials: string[] = [];
  #loops = 0;
  #blocks = 0;

  override BlockStatement(block: hbs.AST.BlockStatement): void {
    const helper = (block.path as hbs.AST.PathExpression).original;
    const isLoop = helper === 'each' ? 1 : 0;
    const isBlock = helper === 'each' || helper === 'with' ? 1 : 0;
    this.acceptArray(block.params);
    if (block.hash) this.accept(block.hash);
    this.#loops += isLoop;
    this.#blocks += isBlock;
    this.accept(block.program);
    this.#loops -= isLoop;
    this.#blocks -= isBlock;
    if (block.inverse) this.accept(block.inverse);
  }

  override PartialStatement(partial: hbs.AST.PartialStatement): void {
    if (partial.name.type === 'PathExpression') this.partials.push((partial.name as hbs.AST.PathExpression).original);
    this.acceptArray(partial.params);
    if (partial.hash) this.accept(partial.hash);
  }

  override PathExpression(path: hbs.AST.PathExpression): void {
    const head = String(path.parts[0]);
    if (path.depth > this.#blocks) this.readsAround = true;
    if (!path.data) return;
    if (LOOP_DATA.has(head) && this.#loops === 0) this.readsAround = true;
    if (head === 'root' && (path.parts.length < 2 || EDITION_FIELDS.has(String(path.parts[1]))))
      this.readsAround = true;
  }
}

/** Whether an expression reads what differs between editions. @param isInOwn whether its context does */
export function dependsOnEdition(node: hbs.AST.Node, isInOwn: boolean): boolean {
  const seeker = new Seeker(isInOwn);
  const { path, params = [], hash } = node as hbs.AST.MustacheStatement;
  const isCall = params.length > 0 || hash !== undefined || node.type === 'BlockStatement';
  for (const part of [...(isCall ? [] : [path]), ...params, ...(hash ? [hash] : [])]) seeker.accept(part);
  return seeker.found;
}

class Seeker extends Handlebars.Visitor {
  found = false;
  readonly #isInOwn: boolean;

  constructor(isInOwn: boolean) {
    super();
    this.#isInOwn = isInOwn;
  }

  override SubExpression(call: hbs.AST.SubExpression): void {
    this.acceptArray(call.params);
    if (call.hash) this.accept(call.hash);
  }

  override PathExpression({ data, parts }: hbs.AST.PathExpression): void {
    const [head, field] = parts.map(String);
    if (data) this.found ||= head === 'root' && EDITION_FIELDS.has(field ?? '');
    else this.found ||= head !== 'reader' && (this.#isInOwn || EDITION_FIELDS.has(head ?? ''));
  }
}
