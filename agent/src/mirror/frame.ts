import type { EmptyPages } from "./embed.js";
import type { Picture } from "./picture.js";

/** A frame that a page of the customer can be put into. */
export interface Frame {
  /** Null where it belongs to a page in another process. */
  readonly element: HTMLElement | null;
  readonly document: Document;
  readonly quirks: boolean;
}

/** Where a mirror shows pages. */
export interface Place {
  /** How many documents of the mirror are around it. */
  readonly around: number;
  /** The frame that is shown. */
  readonly shown: Pick<Frame, "element"> | undefined;
  /** Has a frame ready for the first page. */
  prepare(): void;
  /** The frame for a page in this mode, at once when there is one. */
  open(quirks: boolean): Frame | Promise<Frame>;
  /** Shows a frame in place of the one shown before. */
  show(frame: Frame): void;
  /** Fills a frame that is shown. */
  fill(frame: Frame, picture: Picture): void;
  /** Has the page prefer what the customer prefers. */
  scheme(dark: boolean): void;
  /** Removes everything. */
  clear(): void;
}

/** Has the frame elements, which belong to the console. */
export interface FrameOwner {
  /** Has a hidden frame element load a page, in place of others that are hidden. Whenever it has loaded something, loaded is to be called. */
  load(frame: number, url: string): void;
  show(frame: number): void;
  scheme(dark: boolean): void;
  clear(): void;
  /** The document in a frame element; undefined when it is none of ours. */
  document(frame: number): Document | undefined;
}

const retry = 1_000; // ms until an empty page that did not come is asked for again

interface Numbered extends Frame {
  readonly number: number;
}

interface Loading {
  readonly quirks: boolean;
  readonly number: number;
  readonly url: string;
  readonly loading: Promise<Numbered>;
  readonly done: (frame: Numbered) => void;
  frame?: Numbered;
}

/**
 * Frames keeps the frame that shows the customer's page, and makes another when a page is in the other mode: a document's mode cannot
 * be changed.
 */
export class Frames implements Place {
  readonly around = 0;
  private current: Numbered | undefined;
  /** The frame that is loading, or has loaded, for a page to come. */
  private next: Loading | undefined;
  private last = 0;

  constructor(
    private readonly owner: FrameOwner,
    private readonly pages: EmptyPages,
  ) {}

  get shown(): Frame | undefined {
    return this.current;
  }

  /** Has a frame ready for the first page, in the mode that most are in. */
  prepare(): void {
    if (!this.current && !this.next) this.load(false);
  }

  /** The frame for a page in this mode, at once when there is one. */
  open(quirks: boolean): Frame | Promise<Frame> {
    if (this.current?.quirks === quirks) return this.current;
    const next = this.next?.quirks === quirks ? this.next : this.load(quirks);
    return next.frame ?? next.loading;
  }

  /** Shows a frame in place of the one shown before. */
  show(frame: Frame): void {
    if (frame === this.current) return;
    this.next = undefined;
    this.current = frame as Numbered;
    this.owner.show(this.current.number);
  }

  fill({ document }: Frame, picture: Picture): void {
    picture.show(document);
  }

  /** Has the page prefer what the customer prefers: a frame's document takes its preference from the frame. */
  scheme(dark: boolean): void {
    this.owner.scheme(dark);
  }

  /** Removes everything. */
  clear(): void {
    this.current = this.next = undefined;
    this.owner.clear();
  }

  /** A frame element has loaded something. */
  loaded(number: number): void {
    const { next } = this;
    if (next?.number !== number || next.frame) return;
    const document = this.owner.document(number);
    if (document?.URL === next.url) {
      next.frame = { element: document.defaultView!.frameElement as HTMLElement | null, document, quirks: next.quirks, number };
      next.done(next.frame);
    } else {
      setTimeout(() => this.next === next && this.owner.load(number, next.url), retry);
    }
  }

  private load(quirks: boolean): Loading {
    const number = ++this.last;
    const url = quirks ? this.pages.quirks : this.pages.standards;
    let done: (frame: Numbered) => void = () => undefined;
    const loading = new Promise<Numbered>((resolve) => { done = resolve; });
    this.next = { quirks, number, url, loading, done };
    this.owner.load(number, url);
    return this.next;
  }
}
