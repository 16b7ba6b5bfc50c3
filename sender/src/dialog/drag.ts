import { nearest } from "../page/dom.js";
import type { Box } from "./corner.js";

const slack = 5; // CSS pixels that a press may move without being a drag

/** Lets what is dragged by one of its handles follow the pointer, and hands dropped where it lies then. */
export interface Drag {
  /** Whether the press that ends now has dragged, so that its click is none. Asks once. */
  was(): boolean;
}

/** grip is the one button within the handles by which it may be dragged, too. */
export function draggable(element: HTMLElement, handles: readonly HTMLElement[], grip: HTMLElement, dropped: (box: Box) => void): Drag {
  let dragged = false;
  for (const handle of handles) handle.addEventListener("pointerdown", (event) => drag(handle, event));

  function drag(handle: HTMLElement, down: PointerEvent): void {
    dragged = false;
    if (down.button !== 0 || (nearest(down.target as Element, "button, .code") ?? grip) !== grip) return;
    const move = (event: PointerEvent): void => {
      const [x, y] = [event.clientX - down.clientX, event.clientY - down.clientY];
      if (!dragged && Math.hypot(x, y) < slack) return;
      dragged = true;
      element.style.translate = `${x}px ${y}px`;
    };
    const stop = (event: Event): void => {
      for (const type of ends) handle.removeEventListener(type, stop);
      handle.removeEventListener("pointermove", move);
      const box = element.getBoundingClientRect();
      element.style.translate = "";
      if (dragged && event.type === "pointerup") dropped(box);
    };
    const ends = ["pointerup", "pointercancel", "lostpointercapture"];
    handle.setPointerCapture(down.pointerId); // a quick pointer leaves it at once
    handle.addEventListener("pointermove", move);
    for (const type of ends) handle.addEventListener(type, stop);
  }

  return {
    was() {
      const did = dragged;
      dragged = false;
      return did;
    },
  };
}
