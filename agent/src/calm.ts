const patience = 1_000; // ms

/** Calm waits before it tells that something is lost: what comes back at once is nothing to worry people with. */
export class Calm {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private late = false;

  constructor(private readonly tell: () => void) {}

  /** Whether it has been lost for so long that people should know. */
  get lost(): boolean {
    return this.late;
  }

  /** It is there, or not. True: it has just been lost. */
  set(there: boolean): boolean {
    if (there) {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.late = false;
      return false;
    }
    if (this.timer !== undefined) return false;
    this.timer = setTimeout(() => {
      this.late = true;
      this.tell();
    }, patience);
    return true;
  }
}
