import { sandbox, type EmptyPages } from "./embed.js";
import type { Picture } from "./picture.js";

/** A frame that a page of the customer can be put into. */
export interface Frame {
  readonly element: HTMLIFrameElement;
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

const darkCanvas = "#121212"; // what browsers paint behind a dark page that sets no background
const retry = 1_000; // ms until an empty page that did not come is asked for again

/**
 * Frames keeps the frame that shows the customer's page, and makes another when a page is in the other mode: a document's mode cannot
 * be changed.
 */
export class Frames implements Place {
  readonly around = 0;
  private current: Frame | undefined;
  /** The frame that is loading, or has loaded, for a page to come. */
  private next: { readonly quirks: boolean; readonly loading: Promise<Frame>; frame?: Frame } | undefined;

  constructor(
    private readonly host: HTMLElement,
    private readonly pages: EmptyPages,
    private readonly title: string,
  ) {}

  get shown(): Frame | undefined {
    return this.current;
  }

  /** Has a frame ready for the first page, in the mode that most are in. The host has to be in the document. */
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
    this.current?.element.remove();
    this.next = undefined;
    frame.element.title = this.title;
    frame.element.hidden = false;
    this.current = frame;
  }

  fill({ document }: Frame, picture: Picture): void {
    picture.show(document);
  }

  /** Has the page prefer what the customer prefers: a frame's document takes its preference from the frame. */
  scheme(dark: boolean): void {
    const style = this.current?.element.style;
    if (!style) return;
    style.colorScheme = dark ? "dark" : "";
    style.background = dark ? darkCanvas : "";
  }

  /** Removes everything. */
  clear(): void {
    this.current = this.next = undefined;
    this.host.replaceChildren();
  }

  private load(quirks: boolean): NonNullable<typeof this.next> {
    // Of an earlier page that never came to be shown.
    for (const element of [...this.host.children]) if (element !== this.current?.element) element.remove();
    const element = document.createElement("iframe");
    element.setAttribute("sandbox", sandbox);
    element.tabIndex = -1;
    element.hidden = true;
    const url = quirks ? this.pages.quirks : this.pages.standards;
    element.src = url;
    const loading = new Promise<Frame>((resolve) => {
      element.addEventListener("load", () => {
        const inside = element.contentDocument;
        if (inside?.URL === url) resolve((next.frame = { element, document: inside, quirks }));
        else setTimeout(() => { element.src = url; }, retry);
      });
    });
    const next: NonNullable<typeof this.next> = { quirks, loading };
    this.next = next;
    this.host.append(element);
    return next;
  }
}
