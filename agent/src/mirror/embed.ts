import { maxFrames } from "./limits.js";
import type { Entry, Tree } from "./tree.js";

/** Where the empty pages are that are filled with mirrored ones. */
export interface EmptyPages {
  readonly standards: string;
  readonly quirks: string;
}

/** Exactly this: the console may reach into the page, and nothing in it runs, opens, submits or leads anywhere. */
export const sandbox = "allow-same-origin";

export interface EmbedEvents {
  /** The document of a frame has been filled. */
  filled(document: Document): void;
}

/** Embeds fills the frames within the customer's page, each when its empty page has loaded. */
export class Embeds {
  private readonly watched = new WeakSet<Element>();
  private readonly wanted = new WeakMap<Element, { readonly url: string; entry: Entry }>();
  private count = 0;

  constructor(
    private readonly tree: Tree,
    private readonly pages: EmptyPages,
    private readonly events: EmbedEvents,
  ) {}

  /** Makes the frame at the tree's place ready for the document that entry stands for. */
  open(frame: HTMLIFrameElement, entry: Entry, quirks: boolean): void {
    if (!this.watched.has(frame)) {
      if (++this.count > maxFrames) return;
      this.watched.add(frame);
      // A frame loads anew whenever it is put somewhere else.
      frame.addEventListener("load", () => this.fill(frame));
    }
    const url = (quirks ? this.pages.quirks : this.pages.standards) + distinction(entry);
    const same = this.wanted.get(frame)?.url === url;
    this.wanted.set(frame, { url, entry });
    if (!same) frame.setAttribute("src", url);
    this.fill(frame);
  }

  /** Forgets a node, which may be a frame. */
  forget(node: Node): void {
    if (this.watched.delete(node as Element)) this.count--;
  }

  private fill(frame: HTMLIFrameElement): void {
    const wanted = this.wanted.get(frame);
    const document = frame.contentDocument;
    if (!wanted || wanted.entry.gone || !document || document.URL !== wanted.url || document.readyState !== "complete") return;
    if (wanted.entry.node === document) return;
    this.tree.fill(wanted.entry, document);
    this.events.filled(document);
  }
}

/** Browsers refuse a frame whose address two of those around it have: what is within a frame within the page gets one of its own. */
function distinction(entry: Entry): string {
  let frames = 0;
  for (let around = entry.parent; around; around = around.parent) if (around.kind === "document") frames++;
  return frames > 1 ? `?${frames}` : "";
}
