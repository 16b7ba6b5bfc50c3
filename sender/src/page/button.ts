import type { Aside } from "../aside.js";
import { cssColour, textOn } from "../dialog/colour.js";
import type { Box } from "../dialog/corner.js";
import { dialogTitle, position, primaryColor, type Look } from "../look.js";
import type { QwelpPosition } from "../settings.gen.js";
import { buttonKey } from "./buttonkey.js";
import { browserColour } from "./canvas.js";
import { append, el, icon, onPress, styleSheet } from "./dom.js";
import { guardPresses, keepEvents } from "./presses.js";
import { covered, watchRoom } from "./room.js";
import { dirOf, tongue } from "./tongue.js";

/** The support button. */
export interface SupportButton {
  readonly element: HTMLButtonElement;
  /** Takes over looks and title. */
  brand(look: Look): void;
  busy(busy: boolean): void;
  /** Says something above the button; "" takes it back. */
  note(text: string): void;
  /** The page's element that had the focus before our interface, if one did. */
  before(): Element | null;
  /** Keeps the button, which is on the page now, from covering the page's own controls. */
  settle(): void;
  /** Where it stands, for who wants to move it or put it away. */
  aside(): Promise<Aside>;
}

/** The icon alone, which screen readers call by its name all the same. */
const unseen = ".support span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }";

// No rem: it is the page's.
const style = `
.support, .note {
  all: unset;
  box-sizing: border-box;
  position: fixed;
  border: 1px solid transparent;
  max-width: min(24em, 100% - 2em);
  overflow-wrap: anywhere;
  box-shadow: 0 1px 2px #0004, 0 4px 16px #0003;
  animation: appear .2s ease-out;
}
.support {
  display: flex;
  align-items: center;
  gap: .6em;
  min-height: 3em;
  padding-block: .5em;
  padding-inline: 1em 1.25em;
  border-radius: var(--radius, 1.5em);
  background: var(--primary);
  color: var(--on-primary);
  font-weight: 600;
  cursor: pointer;
  touch-action: none;
}
.support:hover { box-shadow: 0 2px 4px #0005, 0 6px 24px #0005; }
.support:focus-visible { outline: 2px solid #fff; box-shadow: 0 0 0 5px #16191d; }
.support[aria-busy=true] { cursor: progress; }
${unseen.replace(".support", ".support[data-away]")}
.support[data-away] { min-width: 1.75em; padding: 0 .25em; border-radius: var(--radius, .75em); }
.note {
  padding: .75em 1em;
  border-radius: var(--radius, .75em);
  background: #16191d;
  color: #fff;
  font-size: .875em;
}
svg {
  flex: none;
  width: 1.4em;
  height: 1.4em;
  fill: none;
  stroke: currentColor;
  stroke-width: 1.75;
  stroke-linecap: round;
  stroke-linejoin: round;
}
@media (max-width: 30em) {
  .support { padding: .5em; min-width: 3em; justify-content: center; }
  ${unseen}
}
@keyframes appear { from { opacity: 0; transform: translateY(.5em); } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
`;

/** A screen with a pointer on it. */
const screen = "M9 14H2.5V3.5h15V8M5 17.5h4M11 9.5l7 3-3 1.2-1.3 3z";

/** What the support button needs of the page. */
export interface ButtonNeeds {
  press(): void;
  /** A press is likely to come. */
  near(): void;
  /** Loads what moves the button. */
  aside(): Promise<typeof import("../aside.js")>;
}

/** Puts the support button into root. */
export function createButton(root: ShadowRoot, on: ButtonNeeds): SupportButton {
  const label = el("span", "");
  label.dir = "auto";
  const element = el("button", "support", icon(screen), label);
  element.type = "button";
  const note = el("p", "note");
  note.setAttribute("role", "alert");
  note.lang = "en";
  note.hidden = true;
  const looks = styleSheet("");
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, styleSheet(style), looks];
  append(root, note, element);

  const before = keepEvents(root);
  guardPresses(root);
  onPress(element, on.press);
  const near = (): void => {
    on.near();
    aside().catch(() => {});
  };
  element.addEventListener("pointerenter", near);
  element.addEventListener("focus", near);
  let corner: QwelpPosition;
  let moved: Promise<Aside> | undefined;
  const over = (box: Box): Box | undefined => covered(box, root.host);

  async function aside(): Promise<Aside> {
    return (moved ??= on.aside().then(({ createAside }) => createAside({ element, note, corner: () => corner, covered: over })));
  }

  function put(): boolean {
    try {
      return buttonKey in localStorage;
    } catch {
      return false;
    }
  }

  return {
    element,
    brand(look) {
      const tag = tongue();
      label.textContent = dialogTitle(look, tag);
      element.dir = dirOf(tag);
      element.lang = look.dialogTitle ? document.documentElement.lang : tag; // the app's words are as the page's
      const primary = browserColour(primaryColor(look))!;
      const { cornerRadius, font, zIndex } = look;
      corner = position(look, element.dir);
      const edges = corner.split("-").map((edge) => `${edge}: max(1em, env(safe-area-inset-${edge}));`);
      looks.replaceSync(`
        :host {
          --primary: ${cssColour(primary)}; --on-primary: ${cssColour(textOn(primary))};
          ${cornerRadius ? `--radius: ${cornerRadius.replace(/^0$/, "0px")};` : ""}
          ${font ? `font-family: ${font} !important;` : ""}
          ${zIndex ? `z-index: ${zIndex} !important;` : ""}
        }
        .support, .note { ${edges.join("")} }
        ${look.button ? ".support { display: none; }" : ""}
        .note { margin-block: 3.75em; }
      `);
    },
    before,
    aside,
    settle: () =>
      watchRoom(() => {
        const box = element.getBoundingClientRect();
        if (box.width > 0 && (moved || put() || over(box))) aside().then((there) => there.look(), () => (moved = undefined));
      }),
    busy: (busy) => element.setAttribute("aria-busy", String(busy)),
    note(text) {
      note.hidden = text === "";
      note.textContent = text;
    },
  };
}
