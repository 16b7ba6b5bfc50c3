import type { Place } from "./zoom.js";

const stepOfWheel = 50; // pixels: a notch of a wheel is more, a pinch on a touchpad comes in small parts
const lineOfWheel = 20; // pixels
const stepOfPinch = 1.25; // how much further apart, or closer, two fingers are

/** Calls zoom for what people do on an element to see more or less closely: Ctrl and the wheel, two fingers on a touchpad or a touch screen. */
export function onZoomGestures(element: HTMLElement, zoom: (by: 1 | -1, at: Place) => void): void {
  const wheel = wheelSteps();
  element.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault(); // the browser would zoom the console
    const by = wheel(event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : lineOfWheel));
    if (by) zoom(by, event);
  }, { passive: false });

  let apart = 0;
  element.addEventListener("touchstart", ({ touches }) => {
    apart = touches.length === 2 ? between(touches[0]!, touches[1]!).apart : 0;
  }, { passive: true });
  element.addEventListener("touchmove", (event) => {
    const { touches } = event;
    if (touches.length !== 2 || apart === 0) return;
    event.preventDefault();
    const { apart: now, middle } = between(touches[0]!, touches[1]!);
    const by = now > apart * stepOfPinch ? 1 : now * stepOfPinch < apart ? -1 : 0;
    if (!by) return;
    apart = now;
    zoom(by, middle);
  }, { passive: false });
}

/** Returns a function that makes steps of how far a wheel is turned: 1 to zoom in, -1 to zoom out, 0 for not yet. */
export function wheelSteps(): (delta: number) => 1 | -1 | 0 {
  let turned = 0;
  return (delta) => {
    if (delta * turned < 0) turned = 0; // the other way
    turned += delta;
    if (Math.abs(turned) < stepOfWheel) return 0;
    turned = 0;
    return delta < 0 ? 1 : -1;
  };
}

function between(a: Place, b: Place): { readonly apart: number; readonly middle: Place } {
  return {
    apart: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY),
    middle: { clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 },
  };
}
