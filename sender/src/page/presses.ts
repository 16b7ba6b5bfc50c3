import { nearest } from "./dom.js";

/** A press of one of our buttons. */
export interface Press {
  readonly button: unknown;
  readonly label: string | null;
  /** The how manieth click it is in a row, at one place, as the computer's settings have it; 0: no click, but a key. */
  readonly clicks: number;
}

/** Tells of each press whether it counts: a double click is meant for the first of the buttons that it meets. */
export function createPresses(): (press: Press) => boolean {
  let last: Press | undefined;
  return (press) => {
    if (press.clicks > 1 && last && (press.button !== last.button || press.label !== last.label)) return false;
    last = press;
    return true;
  };
}

/** Keeps clicks that were meant for another button from the buttons in root: what a button does may put the next one into its place. */
export function guardPresses(root: ShadowRoot): void {
  const counts = createPresses();
  root.addEventListener("click", (event) => {
    const button = nearest(event.target as Element, "button") as HTMLButtonElement | null;
    if (button && !counts({ button, label: button.textContent, clicks: (event as MouseEvent).detail })) stopImmediatePropagation.call(event);
  }, true);
  root.addEventListener("keydown", (event) => {
    const { repeat, key } = event as KeyboardEvent;
    if (repeat && key === "Enter") event.preventDefault();
  }, true);
}

/** What happens in our interface is no business of the page's: its focus traps, its shortcuts, its presses beside a menu. */
const kept = [
  ...["pointerdown", "pointerup", "mousedown", "mouseup", "touchstart", "touchend", "dblclick", "auxclick", "contextmenu", "wheel"],
  ...["keydown", "keyup", "keypress", "focus", "blur", "focusin", "focusout", "click"],
];
/** What our own listeners wait for. */
const heard = ["pointerdown", "pointerup", "keydown", "focus"];
const copied = ["pointerId", "clientX", "clientY", "button", "key", "repeat", "ctrlKey", "altKey", "metaKey"];

/**
 * Keeps what happens in the host of root from the page, whose listeners at the document would come before ours: they can neither swallow a press
 * nor fetch the focus back. Within root a copy of the event is dispatched. Clicks pass, since only the browser knows which button they are
 * meant for, but nothing of the page's can stop them. The function it returns names the page's element that had the focus last.
 */
export function keepEvents(root: ShadowRoot): () => Element | null {
  const { host } = root;
  let down: Element | null = null;
  let before: Element | null = null;
  const keep = (event: Event): void => {
    const { target, type } = event;
    if (target !== host) {
      // As if the window had lost the focus: a trap that sees where it goes would fetch it back.
      if ((event as FocusEvent).relatedTarget === host) Object.defineProperty(event, "relatedTarget", { __proto__: null, value: null } as PropertyDescriptor);
      return;
    }
    if (type === "click") return unstoppable(event);
    event.stopImmediatePropagation();
    if (type === "focusin") before = ((event as FocusEvent).relatedTarget as Element | null) ?? before;
    if (!event.isTrusted || !heard.includes(type)) return;
    const init: Record<string, unknown> = {};
    for (const name of copied) init[name] = (event as unknown as Record<string, unknown>)[name];
    if (type === "pointerdown") down = root.elementFromPoint((event as PointerEvent).clientX, (event as PointerEvent).clientY);
    // No KeyboardEvent: those leave the shadow root in Firefox, whatever is said.
    const copy = Object.assign(new Event(type, { bubbles: event.bubbles, cancelable: event.cancelable }), init);
    if ((type.startsWith("pointer") ? down : root.activeElement)?.dispatchEvent(copy) === false) event.preventDefault();
  };
  for (const type of kept) window.addEventListener(type, keep, { capture: true, passive: /^(wheel|touch)/.test(type) });
  host.addEventListener("click", (event) => stopPropagation.call(event));
  return () => before;
}

const { stopPropagation, stopImmediatePropagation } = Event.prototype;

/** Takes the ways to stop an event from whoever hears it from now on. */
function unstoppable(event: Event): void {
  for (const name of ["preventDefault", "stopPropagation", "stopImmediatePropagation"]) Object.defineProperty(event, name, { __proto__: null, value() {} } as PropertyDescriptor);
  for (const name of ["cancelBubble", "returnValue"]) Object.defineProperty(event, name, { __proto__: null, set() {} } as PropertyDescriptor);
}
