import { watch } from "./secret.js";

/** What media queries ask for that is not so in the agent's browser; see the operation features. */
export const features = (
  "prefers-color-scheme: dark|prefers-reduced-motion: reduce|prefers-reduced-transparency: reduce|prefers-contrast: more|prefers-contrast: less|" +
  "prefers-contrast: custom|forced-colors: active|hover: hover|any-hover: hover|pointer: fine|pointer: coarse|" +
  "any-pointer: fine|any-pointer: coarse|display-mode: standalone|display-mode: minimal-ui|display-mode: fullscreen"
).split("|");

/** What the customer does, as capture wants to know it. */
export interface InputSink {
  /** Something may have changed that no MutationObserver tells: a field, the focus, the selection, what is open. */
  changed(): void;
  /** A node has been scrolled. */
  scrolled(target: Element | Document): void;
  /** The pointer is at a place of the top viewport. */
  pointer(x: number, y: number): void;
  /** The pointer is over another element. */
  over(target: Element): void;
  pressed(x: number, y: number, button: number): void;
  /** The customer has done something with an element; this may change what changed may. */
  acted(target: Element): void;
  /** Whether agents may know that something happened here. */
  allows(event: Event): boolean;
  resized(): void;
  /** A slot of a shadow root shows other nodes. */
  slotted(): void;
  /** Something has loaded: an image, a style sheet, a frame. */
  loaded(target: Element): void;
}

/** Listens to the events of a document, or to those of a shadow root that do not get out of it. Returns what stops it. */
export function listen(root: Document | ShadowRoot, sink: InputSink): () => void {
  const stop = new AbortController();
  const on = (type: string, listener: (event: Event) => unknown): void =>
    root.addEventListener(type, listener, { capture: true, passive: true, signal: stop.signal });
  const changed = (): void => sink.changed();
  for (const type of ["change", "reset", "toggle", "close"]) on(type, changed);
  on("scroll", ({ target }) => sink.scrolled(target as Element | Document));
  for (const type of ["load", "error"]) on(type, ({ target }) => sink.loaded(target as Element));
  on("slotchange", () => sink.slotted());
  on("pointerover", (event) => sink.over(event.composedPath()[0] as Element));
  const quit = (): void => stop.abort();
  if (root.nodeType !== Node.DOCUMENT_NODE) return quit;
  for (const type of ["focusin", "focusout", "selectionchange", "keyup", "pointercancel"]) on(type, changed);
  for (const type of ["input", "keydown", "pointerdown", "pointerup"]) on(type, (event) => sink.acted(event.composedPath()[0] as Element));
  // A font that has come may mask what is written in it.
  (root as Document).fonts?.addEventListener("loadingdone", changed, { signal: stop.signal });
  // Before the page hears of it, which may repeat it elsewhere.
  on("input", (event) => watch(event.composedPath()[0] as Element));
  on("pointerout", (event) => (event as PointerEvent).relatedTarget ?? changed());
  on("pointermove", (event) => sink.allows(event) && sink.pointer(...place(event as PointerEvent)));
  on("pointerdown", (event) => {
    const { button, isPrimary, isTrusted } = event as PointerEvent;
    if (isPrimary && isTrusted && sink.allows(event)) sink.pressed(...place(event as PointerEvent), Math.max(0, button));
  });
  // When a frame takes the focus and nothing in the document had it, only its window is told.
  for (const type of ["blur", "popstate", "hashchange", "pageshow"]) (root as Document).defaultView?.addEventListener(type, changed, { signal: stop.signal });
  if ((root as Document).defaultView !== window) return quit;
  const onSize = (target: EventTarget, type: string): void => target.addEventListener(type, () => sink.resized(), { signal: stop.signal });
  for (const target of [window, visualViewport!]) onSize(target, "resize");
  onSize(visualViewport!, "scroll");
  for (const feature of features) onSize(matchMedia(`(${feature})`), "change");
  return quit;
}

/** An event's place in the top viewport, also when it happened in a frame. */
function place(event: PointerEvent): [number, number] {
  let { clientX: x, clientY: y } = event;
  for (let view = event.view; view && view !== window; view = view.parent as Window & typeof globalThis) {
    const frame = view.frameElement;
    if (!frame) break;
    const box = frame.getBoundingClientRect();
    x += box.left + frame.clientLeft;
    y += box.top + frame.clientTop;
  }
  return [Math.round(x), Math.round(y)];
}
