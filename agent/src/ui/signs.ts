const longIdle = 30_000; // ms without anything that the customer does, after which it is worth a word
const inOnePlace = 24; // pixels that clicks in one place are apart at most
const quickly = 3_000; // ms in which they come
const again = 4; // clicks that are more than somebody means
const lasts = 10_000; // ms for which it is shown that there were

/** Signs notices that the customer may be stuck: nothing happens for long, or the same place is clicked again and again. */
export class Signs {
  private acts = 0; // when the customer did something last
  private clicks: { readonly x: number; readonly y: number; readonly at: number }[] = [];
  private repeated = { count: 0, at: -Infinity };

  /** A session begins. */
  begin(now: number): void {
    this.acts = now;
    this.clicks = [];
    this.repeated = { count: 0, at: -Infinity };
  }

  /** The customer has moved the pointer, typed, scrolled, or has gone to another page. */
  acted(now: number): void {
    this.acts = Math.max(this.acts, now);
  }

  /** The customer has clicked. True: with this click it has become again and again. */
  clicked(x: number, y: number, now: number): boolean {
    this.acted(now);
    const one = (click: { x: number; y: number; at: number }): boolean => now - click.at <= quickly && Math.hypot(click.x - x, click.y - y) <= inOnePlace;
    this.clicks = [...this.clicks.filter(one), { x, y, at: now }];
    if (this.clicks.length < again) return false;
    const known = now - this.repeated.at <= quickly;
    this.repeated = { count: this.clicks.length, at: now };
    return !known;
  }

  /** How long nothing has happened, in milliseconds; 0 while that is not long. */
  idle(now: number): number {
    return now - this.acts < longIdle ? 0 : now - this.acts;
  }

  /** How often one place was clicked, a moment ago; 0 when that is nothing to speak of. */
  repeats(now: number): number {
    return now - this.repeated.at < lasts ? this.repeated.count : 0;
  }
}
