import { nearest } from "../page/dom.js";
import { freeCorner, keyCorner, nearestCorner, nextCorner, type Corner } from "./corner.js";
import { draggable } from "./drag.js";

/** Where the card lies in the window: in one of its corners, which the customer chooses. */
export interface Place {
  /** The corner until the customer chooses another. */
  prefer(corner: Corner): void;
  /** The card has another size: it makes way for what the customer is at. */
  changed(): void;
}

const storageKey = "qwelp.corner";

/**
 * Lets the card be moved by dragging its handles, by arrow keys on the grip, and by pressing the grip, which needs no dragging; and takes it out of the way of what the
 * customer clicks and of what has the focus (WCAG 2.2, 2.4.11 and 2.5.7). The corner is kept for the tab's next pages.
 */
export function createPlace(card: HTMLElement, grip: HTMLElement, handles: readonly HTMLElement[], own: () => HTMLElement): Place {
  let chosen = read();
  let preferred: Corner = "bottom-right";
  let away: Corner | undefined; // where it has gone to make way
  let at: Element | undefined; // what the customer is at

  const corner = (): Corner => away ?? chosen ?? preferred;

  function put(): void {
    card.dataset["corner"] = corner();
  }

  function choose(next: Corner): void {
    chosen = next;
    away = undefined;
    try {
      sessionStorage.setItem(storageKey, next);
    } catch {
      // It is kept for this page.
    }
    put();
  }

  grip.addEventListener("keydown", (event) => {
    const next = keyCorner(corner(), event.key);
    if (!next || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    choose(next);
  });

  const drag = draggable(card, handles, grip, (box) => choose(nearestCorner(box, innerWidth, innerHeight)));
  grip.addEventListener("click", (event) => {
    // One by a key has no detail.
    if (event.isTrusted && (!drag.was() || event.detail === 0)) choose(nextCorner(corner()));
  });

  /** Takes the card to another corner when it covers what the customer is at. */
  function makeWay(): void {
    if (card.hidden || !at?.isConnected) return;
    const what = at.getBoundingClientRect();
    // Whatever is that large, the card may cover a part of it.
    if (what.width * what.height > (innerWidth * innerHeight) / 4) return;
    const next = freeCorner(corner(), card.getBoundingClientRect(), what, innerWidth, innerHeight);
    if (!next) return;
    away = next;
    put();
  }

  for (const type of ["focusin", "click"]) {
    document.addEventListener(type, (event) => {
      const target = event.target;
      if (card.hidden || !(target instanceof Element) || target === own() || !target.parentElement?.parentElement) return; // not the document itself
      at = nearest(target, "a, button, input, select, textarea, label, summary, [role], [tabindex]") ?? target;
      // When the page has done with it what it does.
      requestAnimationFrame(makeWay);
    }, { capture: true, passive: true });
  }
  window.visualViewport?.addEventListener("resize", () => {
    // A keyboard on the screen covers the window's bottom, which stays where it is.
    card.style.setProperty("--lift", `${Math.max(0, innerHeight - visualViewport!.height * visualViewport!.scale)}px`);
  });

  return {
    prefer(next) {
      preferred = next;
      put();
    },
    changed: makeWay,
  };
}

function read(): Corner | undefined {
  try {
    const text = sessionStorage.getItem(storageKey);
    return text && /^(top|bottom)-(left|right)$/.test(text) ? (text as Corner) : undefined;
  } catch {
    return undefined;
  }
}
