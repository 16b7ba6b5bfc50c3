const most = 64 << 20; // bytes

/** Contents keeps images and fonts of a session by what is in them, so that none has to come again with the next page. */
export class Contents {
  private readonly kept = new Map<string, Blob>();
  private size = 0;

  get(content: string): Blob | undefined {
    return this.kept.get(content);
  }

  /** Keeps one; those kept longest go first. */
  keep(content: string, blob: Blob): void {
    if (this.kept.has(content) || blob.size > most) return;
    this.kept.set(content, blob);
    this.size += blob.size;
    for (const [oldest, { size }] of this.kept) {
      if (this.size <= most) break;
      this.kept.delete(oldest);
      this.size -= size;
    }
  }

  clear(): void {
    this.kept.clear();
    this.size = 0;
  }
}
