import type { Entry } from "./tree.js";

/** A part of capture: it sends one kind of thing of a page. */
export interface Part {
  /** A page begins: nothing of it has been sent. */
  reset(): void;
  /** Sends what has changed; all: also what no event, observer or hook reports. */
  look(all: boolean): void;
  /** A document or shadow root is about to be sent. */
  rooted?(root: Document | ShadowRoot): void;
  /** An element has been sent, with all that is inside it. */
  added?(element: Element, entry: Entry): void;
  /** An attribute of an element that has been sent is another. */
  attributed?(element: Element, entry: Entry, name: string): void;
  /** Nothing is captured any more. */
  stop?(): void;
}
