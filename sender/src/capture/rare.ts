import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import { Animations } from "./animations.js";
import type { Assets } from "./assets.js";
import { Fonts } from "./fonts.js";
import type { Highlights } from "./highlights.js";
import type { wrap } from "./hooks.js";
import type { Part } from "./part.js";
import type { Privacy } from "./privacy.js";
import type { Sheets } from "./sheets.js";
import { Slots } from "./slots.js";
import type { Tree } from "./tree.js";

export { readOtherwise } from "./reading.js";

/** What capture gives Rare. */
export interface Captured {
  readonly writer: FrameWriter;
  readonly tree: Tree;
  readonly assets: Assets;
  readonly privacy: Privacy;
  readonly sheets: Sheets;
  /** The documents and shadow roots the mirror has. */
  readonly roots: ReadonlyMap<Document | ShadowRoot, unknown>;
  /** Script has done something with an animation, if that is what it is; what has changed is looked at soon. */
  animated(by: unknown): void;
  /** Whether the mirror has a node as the page has it: where something is in another tells how long that is. */
  asItIs(node: Node): boolean;
  /** Has what has changed be looked at soon. */
  stated(): void;
}

/** Functions of pages after which something may be another: by interface. */
const told: Record<string, string> = {
  Element: "animate", Animation: "play pause cancel finish reverse updatePlaybackRate currentTime startTime playbackRate",
  AnimationEffect: "updateTiming", KeyframeEffect: "setKeyframes", FontFaceSet: "add delete clear", HTMLSlotElement: "assign",
  HighlightRegistry: "set delete clear", Highlight: "add delete clear priority type",
};

/** Rare sends what few pages have, and no document tells: animations and fonts that script has made, slots that script assigns, ranges that it marks. */
export class Rare implements Part {
  private readonly animations: Animations;
  private readonly fonts: Fonts;
  private readonly slots: Slots;
  private highlights: Highlights | undefined;
  private loading: Promise<void> | undefined;
  private readonly undo: (() => void)[] = [];
  private readonly hooked = new WeakSet<Window>();
  private due = true;

  /** natives: what stands in for a function of the page's, and the function. */
  constructor(private readonly captured: Captured, private readonly hook: typeof wrap, natives: WeakMap<object, object>) {
    this.animations = new Animations(captured);
    this.fonts = new Fonts(captured.sheets, natives, captured.assets, () => {
      this.due = true;
      captured.stated();
    });
    this.slots = new Slots(captured);
  }

  /** Listens to what cannot be asked later, until end. */
  listen(): void {
    this.fonts.listen();
    this.hear(window);
  }

  end(): void {
    this.fonts.end();
    this.highlights?.end();
    for (const each of this.undo.splice(0)) each();
    this.hooked.delete(window);
  }

  private hear(realm: Window): void {
    if (this.hooked.has(realm)) return;
    this.hooked.add(realm);
    const after = (by: unknown, result: unknown): void => {
      this.animations.touched(by);
      this.due = true;
      this.captured.animated(result ?? by);
    };
    for (const [type, names] of Object.entries(told)) {
      const owner = (realm as unknown as Record<string, { prototype: object } | undefined>)[type]?.prototype;
      for (const name of owner ? names.split(" ") : []) for (const key of ["value", "set"] as const) this.hook(this.undo, owner!, name, key, after);
    }
  }

  private load(): void {
    this.loading ??= import("./highlights.js").then(({ Highlights }) => {
      this.highlights = new Highlights(this.captured, this.hook);
      this.captured.stated();
    }, () => undefined);
  }

  /** Begins a page. */
  reset(): void {
    this.animations.reset();
    this.slots.reset();
    this.highlights?.reset();
    this.due = true;
  }

  /** Sends what has changed; all: also what no hook has told. */
  look(all: boolean): void {
    const roots = [...this.captured.roots.keys()].filter((root) => this.captured.tree.id(root));
    for (const root of roots) if ("defaultView" in root && root.defaultView) this.hear(root.defaultView);
    this.slots.look(roots);
    for (const root of roots) if ((root as Partial<Document>).defaultView?.CSS.highlights?.size) this.load();
    this.highlights?.look(roots);
    if (!this.due && !all) return;
    this.due = false;
    this.animations.look(roots);
    for (const root of roots) if ("fonts" in root) this.fonts.look(root);
  }
}
