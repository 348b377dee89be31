/** Bytes in order, as few, large parts. */
export interface Body {
  readonly parts: readonly Uint8Array[];
  /** How many parts at the start are kept ones, the same objects for every reader who sees the same. */
  readonly lead: number;
}

/** A part of this size is copied faster than it is handed on by itself. */
const SHORT = 256;

/** Gathers a body: bytes shared by all readers stay shared, short texts between them are joined. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];
  #text = '';
  #lead: number | undefined;

  /** Adds ASCII text. */
  text(ascii: string): void {
    this.#lead ??= this.#parts.length;
    this.#text += ascii;
  }

  /** Adds bytes that are kept, not copied; short ones behind a reader's own text are joined with it. */
  shared(bytes: Uint8Array): void {
    if (this.#lead !== undefined && bytes.length < SHORT) {
      this.#text += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
      return;
    }
    this.#flush();
    this.#parts.push(bytes);
  }

  /** Everything added. */
  end(): Body {
    this.#flush();
    return { parts: this.#parts, lead: this.#lead ?? this.#parts.length };
  }

  #flush(): void {
    if (this.#text === '') return;
    this.#parts.push(Buffer.from(this.#text, 'latin1'));
    this.#text = '';
  }
}
