/** Keeps what was made last, up to a number of bytes: memory stays flat however many editions an issue has. */
export class EditionCache<T extends { readonly bytes: number }> {
  readonly #kept = new Map<string, T>();
  readonly #limit: number;
  #bytes = 0;
  #latest: string | undefined;

  /** @param limit bytes; the latest entry is kept even when it alone is larger */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The entry of a key, made when it is not there. */
  get(key: string, make: () => T): T {
    const known = this.#kept.get(key);
    // Neighbours in the queue mostly share an edition, so the entry is usually the newest already.
    if (known && key === this.#latest) return known;
    this.#latest = key;
    const entry = known ?? make();
    if (known) this.#kept.delete(key);
    else this.#bytes += entry.bytes;
    this.#kept.set(key, entry);
    this.#shrink();
    return entry;
  }

  #shrink(): void {
    for (const [key, entry] of this.#kept) {
      if (this.#bytes <= this.#limit || this.#kept.size === 1) return;
      this.#kept.delete(key);
      this.#bytes -= entry.bytes;
    }
  }
}
