import { sandbox, type EmptyPages } from "./embed.js";

/** A frame that a page of the customer can be put into. */
export interface Frame {
  readonly element: HTMLIFrameElement;
  readonly document: Document;
  readonly quirks: boolean;
}

const darkCanvas = "#121212"; // what browsers paint behind a dark page that sets no background
const retry = 1_000; // ms until an empty page that did not come is asked for again

/**
 * Frames keeps the frame that shows the customer's page, and makes another when a page is in the other mode: a document's mode cannot
 * be changed.
 */
export class Frames {
  private current: Frame | undefined;

  constructor(
    private readonly host: HTMLElement,
    private readonly pages: EmptyPages,
    private readonly title: string,
  ) {}

  get shown(): Frame | undefined {
    return this.current;
  }

  /** The frame for a page in this mode, at once when there is one. */
  open(quirks: boolean): Frame | Promise<Frame> {
    return this.current?.quirks === quirks ? this.current : this.load(quirks);
  }

  /** Shows a frame in place of the one shown before. */
  show(frame: Frame): void {
    if (frame === this.current) return;
    this.current?.element.remove();
    frame.element.title = this.title;
    frame.element.hidden = false;
    this.current = frame;
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
    this.current = undefined;
    this.host.replaceChildren();
  }

  private load(quirks: boolean): Promise<Frame> {
    // Of an earlier page that never came to be shown.
    for (const element of [...this.host.children]) if (element !== this.current?.element) element.remove();
    const element = document.createElement("iframe");
    element.setAttribute("sandbox", sandbox);
    element.tabIndex = -1;
    element.hidden = true;
    const url = quirks ? this.pages.quirks : this.pages.standards;
    element.src = url;
    return new Promise((resolve) => {
      element.addEventListener("load", () => {
        const inside = element.contentDocument;
        if (inside?.URL === url) resolve({ element, document: inside, quirks });
        else setTimeout(() => { element.src = url; }, retry);
      });
      this.host.append(element);
    });
  }
}
