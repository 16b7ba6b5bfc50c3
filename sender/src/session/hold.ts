import { forget, read, save, type Kept } from "./store.js";
import type { Stored } from "./machine.js";

/** What a page asks of the one that has the session, and what that one answers when it is seen. */
const now = "now";
const whenHidden = "when-hidden";
const seen = "seen";

/** What a hold tells the page. */
export interface HoldEvents {
  /** The tab in front asks for the session: leave it. */
  asked(): void;
  /** Another page has taken the session, since this one did not answer. */
  lost(): void;
}

/** How long a page that holds the session may take to leave it, in milliseconds. One that does not is frozen. */
const patience = 1_000;

/** How long what a page left may take to arrive after its lock was free, in milliseconds. A page that crashed left nothing new. */
const arrival = 100;

/**
 * Hold decides which page of the app has the session: at most one of all tabs. It lies in localStorage as long as it runs; the page that has it holds
 * a lock, which the browser takes from pages that crash or are closed. A page that wants the session asks by another entry in localStorage, and the one
 * that holds it answers by leaving it. See docs/adr/0020-one-session-for-all-tabs.md.
 */
export class Hold {
  private holds = false; // this page has the session; its lock may still be on its way
  private release: (() => void) | undefined; // of the lock
  private tired: AbortController | undefined; // of waiting for it
  private readonly asking: string;
  private readonly page = String(Math.random());
  private saved = false; // what is kept was this page's own when it was last kept
  private warned = false;
  private front = 0; // when this page last came to the front, as Date.now() counts
  private readonly changed = ({ key }: StorageEvent): void => {
    if (key === this.asking) this.listen();
    if (key === this.key) this.taken();
  };

  /** key names the session of this app in all tabs. */
  constructor(private readonly key: string, private readonly events: HoldEvents) {
    this.asking = `${key} asked`;
    const comes = (): void => {
      if (!document.hidden) this.front = Date.now();
      this.listen();
    };
    document.addEventListener("visibilitychange", comes);
    window.addEventListener("focus", comes);
    comes();
  }

  /** Whether the session of this app runs in some tab, or waits for one. */
  get waits(): boolean {
    return read(this.key, Date.now()) !== undefined;
  }

  /**
   * Takes the session for this page; undefined: there is none, or it stays where it is. A page behind others takes it only from nobody; one that is
   * seen, but has not the focus, from one that is not seen. insist takes it in any case.
   */
  async take(insist = document.hasFocus()): Promise<Stored | undefined> {
    if (!this.waits) {
      this.end(); // what is kept is of no use
      return undefined;
    }
    const passed = this.passed();
    if (passed) return passed;
    if (!(await (document.hidden ? this.free() : this.ask(insist)))) return undefined;
    if (!this.saved) await this.left(arrival);
    if (!this.holds) return undefined; // another page was faster
    const kept = read(this.key, Date.now());
    if (!kept) {
      this.drop();
      return undefined;
    }
    this.claim(kept);
    if (!document.hidden || !this.asked) return kept;
    // This page has gone to the back meanwhile.
    this.leave(kept, false);
    return undefined;
  }

  /** Whether another page has taken the session while this one slept. That is lost to it, then. */
  taken(): boolean {
    const taken = this.holds && this.foreign;
    if (taken) this.lose();
    return taken;
  }

  /**
   * Takes what the previous page of this tab has left for this one, without waiting for its lock: nobody else may have it, and the lock takes a moment
   * to come from a page that goes.
   */
  private passed(): Stored | undefined {
    const kept = read(this.key, Date.now());
    if (!kept?.left || !this.marked) return undefined;
    this.hold();
    this.claim(kept);
    if ("locks" in navigator) void this.freed().then((granted) => granted || (this.holds && this.keep()));
    else void this.keep();
    return kept;
  }

  /** Holds a session that begins here. */
  async keep(): Promise<boolean> {
    return this.lock({ steal: true });
  }

  /** Keeps what the session is now. */
  save(stored: Stored): void {
    this.saved = save(this.key, { ...stored, at: Date.now(), left: false, by: this.page });
    if (this.saved || this.warned) return;
    this.warned = true;
    console.warn("qwelp: the browser keeps nothing for this page: the session ends when the customer leaves it");
  }

  /** Leaves the session to another page, unless one has taken it; going: to the next one of this tab. */
  leave(stored: Stored | undefined, going: boolean): void {
    if (!this.holds) return;
    if (!this.foreign) {
      if (stored) save(this.key, { ...stored, at: Date.now(), left: true, by: this.page });
      this.mark(going);
    }
    this.drop();
  }

  /** The session is over. */
  end(): void {
    if (!this.foreign) forget(this.key);
    this.mark(false);
    this.drop();
  }

  /** Makes what another page has left this one's own, so that all others see who has it. */
  private claim(kept: Kept): void {
    this.save(kept);
    this.mark(false);
  }

  /** Whether what is kept is another page's, although this one had made it its own. */
  private get foreign(): boolean {
    const kept = this.saved ? read(this.key, Date.now()) : undefined;
    return kept !== undefined && kept.by !== this.page;
  }

  /** Takes the session from nobody, or from a page that has left it but whose lock the browser still has to take. */
  private async free(): Promise<boolean> {
    if (await this.left(0)) return this.freed();
    return "locks" in navigator && this.lock({ ifAvailable: true });
  }

  /** Takes the session, and asks the page that holds it. */
  private async ask(insist: boolean): Promise<boolean> {
    const say = (): void => this.put(insist || document.hasFocus() ? now : whenHidden);
    if (!(await this.left(0))) say();
    window.addEventListener("focus", say);
    const granted = await this.freed();
    window.removeEventListener("focus", say);
    const { asked } = this;
    const refused = document.hidden || (asked?.word === seen && !insist && !document.hasFocus());
    if (!asked || asked.word === seen) forget(this.asking); // else another page has asked since
    return granted || (!refused && this.keep());
  }

  /** Takes the session once it is free, within patience. Without locks only a page that has left it says so. */
  private async freed(): Promise<boolean> {
    if (!("locks" in navigator)) return this.left(patience, (kept) => {
      this.hold();
      this.claim(kept);
    });
    const tired = (this.tired = new AbortController());
    const timer = setTimeout(() => tired.abort(), patience);
    return this.lock({ signal: tired.signal }).finally(() => clearTimeout(timer));
  }

  /** Resolves with whether a page has left the session, after so many milliseconds at most. then is called before any other page can look. */
  private left(patience: number, then = (_: Kept): void => {}): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (left: boolean): void => {
        window.removeEventListener("storage", look);
        clearTimeout(timer);
        resolve(left);
      };
      const look = (): void => {
        const kept = read(this.key, Date.now());
        if (!kept?.left) return;
        then(kept);
        done(true);
      };
      const timer = window.setTimeout(() => done(false), patience);
      window.addEventListener("storage", look);
      look();
    });
  }

  /** Answers a page that asks. One that is seen stays where it is, until it is not. */
  private listen(): void {
    const { asked } = this;
    if (!this.holds || !asked || asked.word === seen) return;
    // Who asked before this page came to the front has gone to the back since.
    if (document.hidden || (asked.word === now && asked.at >= this.front)) this.events.asked();
    else this.put(seen);
  }

  /** What another page asks or has answered, unless that is long ago. */
  private get asked(): { readonly word: string; readonly at: number } | undefined {
    try {
      const [word, time, page] = (localStorage.getItem(this.asking) ?? "").split(" ");
      const at = Number(time);
      return word && page !== this.page && Math.abs(Date.now() - at) < 2 * patience ? { word, at } : undefined;
    } catch {
      return undefined;
    }
  }

  /** Asks or answers. */
  private put(word: string): void {
    try {
      localStorage.setItem(this.asking, `${word} ${Date.now()} ${this.page}`);
    } catch {
      // There is no room left: a page that asks takes the session.
    }
  }

  /** Resolves with whether this page holds the lock. */
  private lock(options: LockOptions): Promise<boolean> {
    if (this.release) return Promise.resolve(true);
    return new Promise((resolve) => {
      let granted = false;
      const held = (): Promise<void> => new Promise((release) => {
        granted = true;
        this.release = release;
        this.hold();
        resolve(true);
      });
      if (!("locks" in navigator)) return void held();
      navigator.locks.request(this.key, options, (lock) => (lock ? held() : undefined)).catch(() => {
        if (granted) this.lose();
      }).finally(() => resolve(false));
    });
  }

  private hold(): void {
    this.holds = true;
    window.addEventListener("storage", this.changed);
  }

  private lose(): void {
    this.drop();
    this.events.lost();
  }

  private drop(): void {
    // An event would throw a page out of the back/forward cache.
    window.removeEventListener("storage", this.changed);
    this.holds = false;
    this.saved = false;
    this.tired?.abort();
    this.release?.();
    this.release = undefined;
  }

  /** Whether the session is left for this page. */
  private get marked(): boolean {
    try {
      return this.key in sessionStorage;
    } catch {
      return false;
    }
  }

  /** Marks the tab whose next page goes on with the session, even behind others. */
  private mark(going: boolean): void {
    try {
      if (going) sessionStorage.setItem(this.key, "here");
      else sessionStorage.removeItem(this.key);
    } catch {
      // Then it does when it is in front.
    }
  }
}
