import { sandbox } from "./mirror/embed.js";
import { frameName } from "./mirror/port.js";
import { el } from "./ui/el.js";

const darkCanvas = "#121212"; // what browsers paint behind a dark page that sets no background

/** FrameHost keeps the frame elements in which the customer's page is shown: the one that is seen, and one that loads for a page to come. */
export class FrameHost {
  private readonly elements = new Map<number, HTMLIFrameElement>();
  private seen: number | undefined;

  /** loaded is called whenever an element has loaded something. */
  constructor(
    private readonly host: HTMLElement,
    private readonly title: string,
    private readonly loaded: (frame: number) => void,
  ) {}

  /** The element that is seen. */
  get shown(): HTMLIFrameElement | undefined {
    return this.seen === undefined ? undefined : this.elements.get(this.seen);
  }

  /** Has a hidden element load a page, in place of others that are hidden. */
  load(frame: number, url: string): void {
    const known = this.elements.get(frame);
    if (known) {
      known.src = url;
      return;
    }
    for (const other of this.elements.keys()) if (other !== this.seen) this.remove(other);
    const element = el("iframe", { name: frameName(frame), sandbox, tabindex: "-1" });
    element.hidden = true;
    element.src = url;
    element.addEventListener("load", () => this.loaded(frame));
    this.elements.set(frame, element);
    this.host.append(element);
  }

  /** Has an element be seen in place of the one that was. */
  show(frame: number): void {
    const element = this.elements.get(frame);
    if (!element || frame === this.seen) return;
    if (this.seen !== undefined) this.remove(this.seen);
    this.seen = frame;
    element.title = this.title;
    element.hidden = false;
  }

  /** Has the page prefer what the customer prefers: a frame's document takes its preference from the frame. */
  scheme(dark: boolean): void {
    const style = this.shown?.style;
    if (!style) return;
    style.colorScheme = dark ? "dark" : "";
    style.background = dark ? darkCanvas : "";
  }

  clear(): void {
    for (const frame of [...this.elements.keys()]) this.remove(frame);
    this.seen = undefined;
  }

  private remove(frame: number): void {
    this.elements.get(frame)?.remove();
    this.elements.delete(frame);
  }
}
