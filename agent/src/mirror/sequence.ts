/** What to do with a frame. */
export type Verdict = "apply" | "ignore" | "gap";

/** Sequence judges frames by their numbers: after a gap, nothing counts until a page begins. */
export class Sequence {
  private next: number | undefined;

  /** Judges a frame. A gap is told once. */
  judge(seq: number, beginsPage: boolean): Verdict {
    if (beginsPage || seq === this.next) {
      this.next = (seq + 1) >>> 0;
      return "apply";
    }
    if (this.next === undefined) return "ignore";
    this.next = undefined;
    return "gap";
  }

  /** Ignores everything until a page begins. */
  lost(): void {
    this.next = undefined;
  }
}
