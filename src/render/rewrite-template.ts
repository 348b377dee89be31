/**
 * Checks a parsed template and rewrites it: every output goes through `put`, which escapes; every `reader.…` becomes a helper
 * that makes a placeholder; every helper gets its place. Anything else is refused, with file and line.
 */
import Handlebars from 'handlebars';
import { MERGE_TAGS } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import { dependsOnEdition } from './shared-partials.js';

/**
 * `html`: a mail, where control characters are dropped · `page`: a page, where every character of a value stays
 * (rule: editor's-words) · `none`: plain text.
 */
export type Escaping = 'html' | 'page' | 'none';

export interface RewriteRules {
  readonly shown: string;
  readonly helperNames: readonly string[];
  readonly partials: readonly string[];
  readonly escape: Escaping;
  /** Leave a mark at each line of the template, so that a place in the result can be traced back. */
  readonly traced: boolean;
}

type Node = hbs.AST.Node;
type Path = hbs.AST.PathExpression & { strict?: boolean };
type Call = hbs.AST.MustacheStatement | hbs.AST.SubExpression | hbs.AST.BlockStatement;

const DATA = new Set(['root', 'index', 'key', 'first', 'last']);

/** Rewrites in place. Throws `theme.invalid` for the first thing a template may not hold. */
export function rewriteTemplate(program: hbs.AST.Program, rules: RewriteRules): void {
  new Rewriter(rules).accept(program);
}

class Rewriter extends Handlebars.Visitor {
  readonly #rules: RewriteRules;
  /** How many islands we are in. */
  #personal = 0;
  /** How many blocks we are in whose context differs from edition to edition. */
  #own = 0;
  /** The template's text since the last tag began. */
  #tag = '';

  constructor(rules: RewriteRules) {
    super();
    this.#rules = rules;
  }

  override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
    const raw = !mustache.escaped && this.#rules.escape !== 'none';
    if (raw) this.#refuse(mustache, 'Three braces would put text in unescaped. Two are enough: helpers return markup.');
    const isOwn = dependsOnEdition(mustache, this.#own > 0) && !/^<mj/.test(this.#tag);
    const value = this.#isCall(mustache) ? this.#call(mustache) : this.#value(mustache.path);
    const own: hbs.AST.HashPair = {
      type: 'HashPair',
      key: 'own',
      value: boolean(isOwn, mustache.loc),
      loc: mustache.loc,
    };
    mustache.path = path('put', mustache.loc);
    mustache.params = [value];
    mustache.hash = { type: 'Hash', pairs: [this.#at(mustache), own], loc: mustache.loc };
  }

  override BlockStatement(block: hbs.AST.BlockStatement): void {
    const helper = this.#helperOf(block);
    const tag = this.#readerTag(block.params[0]);
    const island = helper === 'personal' ? 1 : 0;
    const own = (helper === 'each' || helper === 'with') && dependsOnEdition(block, this.#own > 0) ? 1 : 0;
    if (tag !== undefined) this.#choose(block, helper, tag);
    else this.#arguments(block);
    this.#personal += island;
    this.#own += own;
    this.accept(block.program);
    if (block.inverse) this.accept(block.inverse);
    this.#personal -= island;
    this.#own -= own;
  }

  override PartialStatement(partial: hbs.AST.PartialStatement): void {
    const { name } = partial;
    if (name.type !== 'PathExpression') this.#refuse(partial, 'A partial is named by its file, not worked out.');
    else if (!this.#rules.partials.includes(name.original)) {
      this.#refuse(partial, `There is no partial “${name.original}”; ${listed('there is', this.#rules.partials)}.`);
    }
    partial.params = partial.params.map((param) => this.#value(param));
    for (const pair of partial.hash?.pairs ?? []) pair.value = this.#value(pair.value);
  }

  override PartialBlockStatement(partial: hbs.AST.PartialBlockStatement): void {
    this.#refuse(partial, 'Partials with a block are not supported; use a partial with values.');
  }
  override Decorator(decorator: hbs.AST.Decorator): void {
    this.#refuse(decorator, 'Decorators are not supported.');
  }
  override DecoratorBlock(decorator: hbs.AST.DecoratorBlock): void {
    this.#refuse(decorator, 'Decorators are not supported.');
  }

  override ContentStatement(content: hbs.AST.ContentStatement): void {
    const text = this.#tag + content.value;
    const open = text.lastIndexOf('<');
    this.#tag = open > text.lastIndexOf('>') ? text.slice(open) : '';
    if (!this.#rules.traced) return;
    const original = String(content.original);
    const before = original.slice(0, Math.max(0, original.indexOf(content.value)));
    let line = content.loc.start.line + (before.match(/\n/g)?.length ?? 0);
    const mark = (): string => `\ue000${this.#rules.shown}:${line}\ue001`;
    const traced = content.value.replace(/\n/g, () => {
      line += 1;
      return `\n${mark()}`;
    });
    line = content.loc.start.line + (before.match(/\n/g)?.length ?? 0);
    content.value = mark() + traced;
  }

  /** A block on a merge tag: `{{#if reader.name}}` becomes a choice for the reader's copy. */
  #choose(block: hbs.AST.BlockStatement, helper: string, tag: string): void {
    if (helper !== 'if' && helper !== 'unless')
      this.#refuse(block, `{{#${helper}}} cannot depend on the reader; only {{#if}} can.`);
    if (this.#personal === 0)
      this.#refuse(block, `{{#${helper} reader.${tag}}} must be between {{#personal}} and {{/personal}}.`);
    block.path = path(helper === 'if' ? 'readerIf' : 'readerUnless', block.loc);
    block.params = [string(tag, block.loc)];
    block.hash = { type: 'Hash', pairs: [this.#at(block)], loc: block.loc };
  }

  #call(call: hbs.AST.MustacheStatement | hbs.AST.SubExpression): hbs.AST.SubExpression {
    this.#helperOf(call);
    this.#arguments(call);
    return { type: 'SubExpression', path: call.path as Path, params: call.params, hash: call.hash, loc: call.loc };
  }

  #arguments(call: Call): void {
    const helper = this.#helperOf(call);
    call.params = call.params.map((param) => {
      if (this.#readerTag(param) !== undefined)
        this.#refuse(param, `{{${helper}}} cannot work with what differs from reader to reader.`);
      return this.#value(param);
    });
    const loc = call.loc;
    call.hash ??= { type: 'Hash', pairs: [], loc };
    for (const pair of call.hash.pairs) {
      const tag = this.#readerTag(pair.value);
      if (tag !== undefined && helper !== 'say')
        this.#refuse(pair, `{{${helper}}} cannot work with what differs from reader to reader.`);
      pair.value = this.#value(pair.value);
    }
    const builtIn = ['if', 'unless', 'each', 'with', 'lookup'].includes(helper);
    if (!builtIn) call.hash.pairs.push(this.#at(call));
  }

  /** An expression as a value: paths are strict, sub-expressions checked, merge tags turned into placeholders. */
  #value(node: Node): Node {
    const tag = this.#readerTag(node);
    if (tag !== undefined) return this.#mergeTag(node, tag);
    if (node.type === 'SubExpression') return this.#call(node as hbs.AST.SubExpression);
    if (node.type === 'PathExpression') this.#checkPath(node as Path);
    return node;
  }

  #mergeTag(node: Node, tag: string): hbs.AST.SubExpression {
    const hash: hbs.AST.Hash = { type: 'Hash', pairs: [this.#at(node)], loc: node.loc };
    return {
      type: 'SubExpression',
      path: path('mergeTag', node.loc),
      params: [string(tag, node.loc)],
      hash,
      loc: node.loc,
    };
  }

  #checkPath(node: Path): void {
    if (node.data && !DATA.has(String(node.parts[0]))) {
      this.#refuse(node, `There is no ${node.original}; there are @index, @key, @first, @last and @root.`);
    }
    if (!node.data) node.strict = true;
  }

  /** The merge tag that a path names, or `undefined` when it is not about the reader. */
  #readerTag(node: Node | undefined): string | undefined {
    if (node?.type !== 'PathExpression') return undefined;
    const { parts, data } = node as Path;
    const [head, tag, ...rest] = data && parts[0] === 'root' ? parts.slice(1) : parts;
    if (head !== 'reader') return undefined;
    const tags: readonly string[] = MERGE_TAGS;
    if (tag === undefined || rest.length > 0 || !tags.includes(tag)) {
      return this.#refuse(
        node,
        `There is no ${(node as Path).original}; there are ${MERGE_TAGS.map((one) => `reader.${one}`).join(', ')}.`,
      );
    }
    return tag;
  }

  #helperOf(call: Call): string {
    const helper = call.path.type === 'PathExpression' ? (call.path as Path).original : '';
    if (!this.#rules.helperNames.includes(helper)) {
      this.#refuse(call, `There is no helper “${helper}”; ${listed('there are', this.#rules.helperNames)}.`);
    }
    return helper;
  }

  #isCall(mustache: hbs.AST.MustacheStatement): boolean {
    const named = mustache.params.length > 0 || (mustache.hash?.pairs.length ?? 0) > 0;
    return (
      named ||
      (mustache.path.type === 'PathExpression' && this.#rules.helperNames.includes((mustache.path as Path).original))
    );
  }

  #at({ loc }: Node): hbs.AST.HashPair {
    return { type: 'HashPair', key: 'at', value: string(this.#where(loc), loc), loc };
  }

  #where(loc: hbs.AST.SourceLocation): string {
    return `${this.#rules.shown}:${loc.start.line}:${loc.start.column + 1}`;
  }

  #refuse(node: Node, message: string): never {
    throw new GazetteError('theme.invalid', message, {
      where: this.#where(node.loc),
      hint: 'docs/themes.md lists the fields and helpers a template may use.',
    });
  }
}

function listed(opening: string, names: readonly string[]): string {
  return names.length === 0 ? 'there are none' : `${opening} ${names.join(', ')}`;
}

function path(name: string, loc: hbs.AST.SourceLocation): Path {
  return { type: 'PathExpression', data: false, depth: 0, parts: [name], original: name, loc };
}

function boolean(value: boolean, loc: hbs.AST.SourceLocation): hbs.AST.BooleanLiteral {
  return { type: 'BooleanLiteral', value, original: value, loc };
}

function string(value: string, loc: hbs.AST.SourceLocation): hbs.AST.StringLiteral {
  return { type: 'StringLiteral', value, original: value, loc };
}
