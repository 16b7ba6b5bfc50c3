/** What a person or the browser may do to a page. The mirror's pages take none of it. */
const refused = [
  "keydown", "keypress", "keyup", "beforeinput", "paste", "cut", "drop", "dragstart", "dragenter", "dragover", "pointerdown", "pointerup",
  "mousedown", "mouseup", "click", "auxclick", "dblclick", "contextmenu", "touchstart", "touchmove", "touchend", "wheel", "submit", "reset",
  "cancel", "selectstart",
];

/**
 * Whether listeners in a mirrored page are called. WebKit calls none of a document in which no script may run
 * (https://bugs.webkit.org/show_bug.cgi?id=218086), other browsers those of the page around.
 */
export function hears(view: Window): boolean {
  let heard = false;
  view.addEventListener("qwelp", () => (heard = true), { once: true });
  view.dispatchEvent(new Event("qwelp"));
  return heard;
}

/**
 * Keeps a mirrored page from reacting to the agent. leave is called when the agent wants out of it by the keyboard.
 * Returns whether it can.
 */
export function guard(view: Window, leave: () => void): boolean {
  const refuse = (event: Event): void => {
    if (event.type === "keydown") {
      const { key, ctrlKey, metaKey } = event as KeyboardEvent;
      // The browser's own shortcuts are the agent's.
      if (ctrlKey || metaKey || /^F\d+$/.test(key)) return;
      if (key === "Tab" || key === "Escape") leave();
    }
    if (event.type === "wheel" && (event as WheelEvent).ctrlKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  for (const type of refused) view.addEventListener(type, refuse, { capture: true, passive: false });
  return hears(view);
}
