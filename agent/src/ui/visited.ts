/** Visited counts the pages that the customer was on in a session, over reloads of the console. */
export class Visited {
  private url = "";

  /** kept is how many there were before a reload; keep is called with each new number. */
  constructor(private number: number, private readonly keep: (number: number) => void) {}

  get count(): number {
    return this.number;
  }

  /** The page shown has this address. A reload of the console shows the page that was counted last, which counts once. */
  at(url: string): void {
    const page = url.replace(/[?#].*/s, "");
    if (page === this.url) return;
    const again = this.url === "" && this.number > 0;
    this.url = page;
    if (!again) this.keep(++this.number);
  }

  clear(): void {
    this.url = "";
    this.number = 0;
    this.keep(0);
  }
}
