import { detach, documentOf } from "./dom.js";
import type { Frame, Place } from "./frame.js";
import { hears } from "./guard.js";
import { maxFrames } from "./limits.js";
import type { Picture } from "./picture.js";
import type { Entry, Tree } from "./tree.js";

/** Where the empty pages are that are filled with mirrored ones. */
export interface EmptyPages {
  readonly standards: string;
  readonly quirks: string;
}

/** Exactly this: the console may reach into the page, and nothing in it runs, opens, submits or leads anywhere. */
export const sandbox = "allow-same-origin";

// How often, in ms, a frame is looked at where nothing says that it has loaded: before it has been filled, and afterwards, for it may load anew.
const soon = 50;
const seldom = 500;

export interface EmbedEvents {
  /** The document of a frame has been filled. */
  filled(document: Document): void;
}

/** Embeds fills the frames within the customer's page, each when its empty page has loaded. */
export class Embeds {
  private readonly watched = new WeakSet<Element>();
  private readonly wanted = new WeakMap<Element, { readonly url: string; readonly entry: Entry; readonly fill: (document: Document) => void }>();
  private count = 0;
  private over = false;

  constructor(
    private readonly tree: Tree,
    private readonly pages: EmptyPages,
    private readonly events: EmbedEvents,
    private readonly around: number,
  ) {}

  /** How many documents are around what is inside a frame. */
  documentsAround(host: Entry): number {
    let documents = this.around;
    for (let entry: Entry | undefined = host; entry; entry = entry.parent) if (entry.kind === "document") documents++;
    return documents;
  }

  /** Makes a frame ready for the document that entry stands for, and has it filled whenever the frame has an empty one. */
  open(host: Entry, entry: Entry, quirks: boolean, fill = (document: Document): void => this.fillOwn(entry, document)): void {
    const frame = host.node as HTMLIFrameElement;
    if (!this.watched.has(frame)) {
      if (++this.count > maxFrames) return;
      this.watched.add(frame);
      // A frame loads anew whenever it is put somewhere else.
      if (hears(documentOf(frame).defaultView!)) frame.addEventListener("load", () => this.fill(frame));
      else setTimeout(() => this.look(frame), soon);
    }
    // Browsers refuse a frame whose address two of those around it have: what is within a frame within the page gets one of its own.
    const documents = this.documentsAround(host);
    const url = (quirks ? this.pages.quirks : this.pages.standards) + (documents > 1 ? `?${documents}` : "");
    const same = this.wanted.get(frame)?.url === url;
    this.wanted.set(frame, { url, entry, fill });
    if (!same) frame.setAttribute("src", url);
    this.fill(frame);
  }

  /** Empties a frame. */
  close(frame: HTMLIFrameElement): void {
    if (!this.wanted.delete(frame)) return;
    const root = frame.contentDocument?.documentElement;
    if (root) detach(root);
  }

  /** Forgets a node, which may be a frame. */
  forget(node: Node): void {
    if (this.watched.delete(node as Element)) this.count--;
  }

  /** Ends it. */
  dispose(): void {
    this.over = true;
  }

  private look(frame: HTMLIFrameElement): void {
    if (this.over || !this.watched.has(frame)) return;
    this.fill(frame);
    setTimeout(() => this.look(frame), this.wanted.get(frame)?.entry.node === frame.contentDocument ? seldom : soon);
  }

  private fill(frame: HTMLIFrameElement): void {
    const wanted = this.wanted.get(frame);
    const document = frame.contentDocument;
    if (!wanted || wanted.entry.gone || !document || document.URL !== wanted.url || document.readyState !== "complete") return;
    if (wanted.entry.node === document) return;
    wanted.fill(document);
  }

  private fillOwn(entry: Entry, document: Document): void {
    this.tree.fill(entry, document);
    this.events.filled(document);
  }
}

/** A frame within a page, as the place of a page that another sender tells of. It is built beside, and put in when there is a document. */
export class EmbeddedPlace implements Place {
  constructor(
    private readonly host: Entry,
    private readonly embeds: Embeds,
    private readonly document: Document,
  ) {}

  get around(): number {
    return this.embeds.documentsAround(this.host);
  }

  get shown(): Frame {
    return this.open(false);
  }

  prepare(): void {
    // It is there.
  }

  open(quirks: boolean): Frame {
    return { element: this.host.node as HTMLIFrameElement, document: this.document, quirks };
  }

  show(): void {
    // Where and how it is shown, the page around says; also whether it is dark.
  }

  scheme(): void {
    // As above.
  }

  fill({ quirks }: Frame, picture: Picture): void {
    picture.shown = true;
    this.embeds.open(this.host, picture.tree.root, quirks, (document) => picture.show(document));
  }

  clear(): void {
    this.embeds.close(this.host.node as HTMLIFrameElement);
  }
}
