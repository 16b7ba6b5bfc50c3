import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import type { Assets } from "./assets.js";
import type { Motion } from "./motion.js";
import type { Outbox } from "./outbox.js";
import { Image, Moving, Source } from "./kind.js";
import type { Part } from "./part.js";
import type { Privacy } from "./privacy.js";
import type { Entry, Tree } from "./tree.js";

/** Pictures sends which asset an element shows. Of canvases and videos it has pictures taken, by code that is loaded when a page has one. */
export class Pictures implements Part {
  private shown = new WeakMap<Element, number>();
  private moving = new WeakMap<Element, number>();
  private readonly chosen = new WeakMap<Element, number>();
  private motion: Motion | undefined;
  private loading: Promise<void> | undefined;
  private waiting: Element[] = [];

  constructor(
    private readonly writer: FrameWriter,
    private readonly tree: Tree,
    private readonly assets: Assets,
    private readonly privacy: Privacy,
    private readonly outbox: Outbox,
    private readonly noticed: () => void,
  ) {}

  reset(): void {
    this.shown = new WeakMap();
    this.moving = new WeakMap();
  }

  look(): void {}

  stop(): void {
    this.waiting = [];
    this.motion?.stop();
  }

  added(element: Element, { kind }: Entry): void {
    if (!(kind & (Image | Moving))) return;
    // What was sent before, under another number, is gone.
    this.shown.delete(element);
    this.chosen.delete(element);
    this.show(element);
    if (!(kind & Moving)) return;
    this.waiting.push(element);
    // Without it, a canvas stays empty and a video shows its poster.
    this.loading ??= import("./motion.js").then(({ Motion }) => void (this.motion = new Motion(this)), () => undefined);
    void this.loading.then(() => {
      for (const each of this.waiting.splice(0)) this.motion?.add(each);
    });
  }

  attributed(element: Element, { kind }: Entry): void {
    if (kind & Image) this.show(element);
    // The image a picture shows depends on its sources.
    if (kind & Source) for (const image of element.parentElement?.querySelectorAll("img") ?? []) this.show(image);
  }

  /** The customer has done something with an element: what is drawn there is wanted soon. */
  acted(element: Element): void {
    this.motion?.hasten(element);
  }

  /** Sends what an element shows, if it shows another image. */
  show(element: Element): void {
    const asset = this.visible(element) ? this.assets.ofElement(element) : undefined;
    if (asset === undefined) return;
    const { srcset, naturalWidth, parentElement } = element as HTMLImageElement;
    // An image chosen for its density is smaller than its pixels are many.
    const chosen = srcset || parentElement?.localName === "picture" ? naturalWidth : 0;
    if (chosen && this.chosen.get(element) !== chosen) {
      this.chosen.set(element, chosen);
      this.writer.setAttribute(this.tree.id(element), "sizes", `${chosen}px`);
    }
    this.tell(element, asset);
  }

  private tell(element: Element, asset: number): void {
    if ((this.shown.get(element) ?? 0) === asset) return;
    this.shown.set(element, asset);
    this.writer.image(this.tree.id(element), asset);
    this.noticed();
  }

  // What motion asks and tells

  /** Whether the agent may see what an element shows. */
  visible(element: Element): boolean {
    return !!this.tree.id(element) && !this.privacy.sent(element);
  }

  /** Whether the line is taken by other things. */
  get busy(): boolean {
    return this.outbox.busy;
  }

  picture(element: Element, type: string, data: Uint8Array): void {
    // It was drawn before what has changed since was noticed.
    if (!this.visible(element) || this.privacy.of(element)) return;
    const asset = this.moving.get(element) ?? this.assets.own();
    this.moving.set(element, asset);
    void this.outbox.asset(asset, type, data, undefined, () => this.visible(element) && !this.privacy.of(element));
    this.tell(element, asset);
  }

  media(element: Element, paused: boolean, muted: boolean, time: number, duration: number): void {
    if (!this.visible(element)) return;
    this.writer.media(this.tree.id(element), paused, muted, time, duration);
    this.noticed();
  }
}
