/** Gathers a message as few, large parts: bytes shared by all readers stay shared, short texts between them are joined. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];
  #text = '';

  /** Adds ASCII text. */
  text(ascii: string): void {
    this.#text += ascii;
  }

  /** Adds bytes that are kept, not copied. */
  shared(bytes: Uint8Array): void {
    this.#flush();
    this.#parts.push(bytes);
  }

  /** Everything added, in order. */
  end(): readonly Uint8Array[] {
    this.#flush();
    return this.#parts;
  }

  #flush(): void {
    if (this.#text === '') return;
    this.#parts.push(Buffer.from(this.#text, 'latin1'));
    this.#text = '';
  }
}
