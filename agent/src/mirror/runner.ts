import { Frames, type FrameOwner } from "./frame.js";
import { Mirror, nothingAround } from "./mirror.js";
import type { PageInfo } from "./picture.js";
import { frameName, hello, type FromMirror, type Marks, type ShownPage, type ToMirror } from "./port.js";

const longest = 1_000; // UTF-16 units of a title or URL
const often = 16; // ms between what is said about a page, which may change as often as the sender likes
const seldom = 1_000; // ms between two that somebody does something
const rewatch = 50; // ms between looks at where the elements are that marks belong to
const mostClicks = 8; // meanwhile

/**
 * Runner runs the mirror for the console. Its page is a frame of the console's beside the frames that show the customer's page, and shows
 * nothing; it is isolated, so that what the customer's page costs does not keep the console from answering.
 */
class Runner implements FrameOwner {
  private readonly frames: Frames;
  private readonly mirror: Mirror;
  private may = true; // the mirror have the focus
  private dark: boolean | undefined; // the frame that is seen
  private timer: ReturnType<typeof setTimeout> | undefined;
  private told = -often; // when
  private about: Extract<FromMirror, { kind: "page" | "info" }> | undefined; // to be told
  private clicks: Extract<FromMirror, { kind: "click" }>[] = [];
  private acted = -seldom; // when it was told
  private hasMoved = false;
  private marked = "";
  private watching: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly port: MessagePort) {
    const pages = { standards: new URL("./mirror.html", import.meta.url).href, quirks: new URL("./mirror-quirks.html", import.meta.url).href };
    this.frames = new Frames(this, pages);
    this.mirror = new Mirror(this.frames, pages, {
      page: (info) => {
        this.about = { kind: "page", info: shown(info) };
        this.tell();
      },
      info: (info) => {
        this.about = { kind: this.about?.kind ?? "info", info: shown(info) };
        this.tell();
      },
      click: (x, y) => {
        if (this.clicks.length < mostClicks) this.clicks.push({ kind: "click", x, y });
        this.tell();
      },
      acted: () => {
        if (performance.now() - this.acted < seldom) return;
        this.acted = performance.now();
        this.say({ kind: "acted" });
      },
      moved: () => this.moved(),
      resync: (reason, frames) => this.say({ kind: "resync", reason, frames }),
      lack: (assets) => this.say({ kind: "lack", assets }),
      leave: () => this.say({ kind: "leave" }),
    }, nothingAround(() => this.may));
    port.onmessage = ({ data }) => this.take(data as ToMirror);
    this.mirror.prepare();
  }

  load(frame: number, url: string): void {
    this.say({ kind: "load", frame, url });
  }

  show(frame: number): void {
    this.dark = undefined;
    this.say({ kind: "show", frame });
  }

  scheme(dark: boolean): void {
    if (dark === this.dark) return;
    this.dark = dark;
    this.say({ kind: "scheme", dark });
  }

  clear(): void {
    // The console removes this page with its frames.
  }

  document(frame: number): Document | undefined {
    try {
      return (parent as unknown as Record<string, Window | undefined>)[frameName(frame)]?.document;
    } catch {
      // What did not load is of another origin.
      return undefined;
    }
  }

  private take(message: ToMirror): void {
    switch (message.kind) {
      case "frame":
        this.say({ kind: "took", bytes: message.data.length });
        this.mirror.receive(message.data);
        break;
      case "gap":
        this.mirror.gap();
        break;
      case "restart":
        this.mirror.restart();
        break;
      case "loaded":
        this.frames.loaded(message.frame);
        break;
      case "focus":
        this.may = message.may;
        this.mirror.focusChanged();
        break;
      case "find":
        this.say({ kind: "found", ask: message.ask, anchor: this.mirror.anchorAt(message.mark, message.box) });
        break;
      case "watch":
        this.mirror.watch(message.nodes);
        // What moves by itself, such as animations, tells nobody.
        clearInterval(this.watching);
        if (message.nodes.length > 0) this.watching = setInterval(() => this.moved(), rewatch);
        break;
      case "ping":
        this.say({ kind: "pong" });
    }
  }

  private moved(): void {
    this.hasMoved = true;
    this.tell();
  }

  /** Tells what is new, a new page at once unless there has just been something. */
  private tell(): void {
    if (this.about?.kind === "page" && performance.now() - this.told >= often) this.tellNow();
    else this.timer ??= setTimeout(() => this.tellNow(), often);
  }

  private tellNow(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.told = performance.now();
    if (this.about) this.say(this.about);
    for (const click of this.clicks) this.say(click);
    this.about = undefined;
    this.clicks = [];
    if (!this.hasMoved) return;
    this.hasMoved = false;
    const marks: Marks = this.mirror.marks;
    const now = JSON.stringify(marks);
    if (now === this.marked) return;
    this.marked = now;
    this.say({ kind: "marks", marks });
  }

  private say(message: FromMirror): void {
    this.port.postMessage(message);
  }
}

function shown({ title, url, width, height, seen, partial, number }: Readonly<PageInfo>): ShownPage {
  return {
    title: title.slice(0, longest), url: url.slice(0, longest), width, height, partial, number,
    seen: seen && { x: seen.x, y: seen.y, width: seen.width, height: seen.height },
  };
}

addEventListener("message", ({ source, origin, data, ports }) => {
  if (source === parent && origin === location.origin && data === hello && ports[0]) new Runner(ports[0]);
}, { once: true });
parent.postMessage(hello, location.origin);
