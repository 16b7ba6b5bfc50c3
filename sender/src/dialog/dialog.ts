import type { SessionState } from "../api.js";
import { idle, type Host } from "../part.js";
import { browserColour } from "../page/canvas.js";
import { el, styleSheet } from "../page/dom.js";
import { tongue, type Tag } from "../page/tongue.js";
import { dialogTitle, primaryColor } from "../settings.js";
import { createCard } from "./card.js";
import { en } from "./language/en.js";
import type { Language } from "./language/language.js";
import { brandRules, style } from "./style.js";
import { createTopLayer } from "./toplayer.js";
import { face, type View } from "./words.js";

export type { View } from "./words.js";

/** What the customer does in the dialog. */
export interface Actions {
  /** Start a session: the first, or a new one after an end or a failure. */
  start(): void;
  /** Let the agents who ask see the page, or not. */
  allow(): void;
  decline(): void;
  /** End the session, in whatever state it is. */
  end(): void;
}

/**
 * The customer's view of the session: a dialog, which folds to a small indicator. While a session runs one of the two
 * is always visible, with the button that ends it; otherwise the support button is, unless the dialog is open.
 */
export interface Dialog {
  /** Opens the dialog and moves the focus into it: the customer has asked for it. */
  show(): void;
  /** Folds the dialog to the indicator or, when no session runs, to the support button. */
  hide(): void;
  /** Shows the session as it is now, with the host's settings as they are now. Moves no focus from the page. */
  update(view: View): void;
  /** Takes everything away but the support button. */
  destroy(): void;
}

const over: readonly SessionState[] = ["Stopped", "Failed"];
const viewed: readonly SessionState[] = ["Connected", "Reconnecting"];

/** What happens in the dialog is no business of the page: its shortcuts, focus traps and clicks beside a menu. */
const keptIn = [
  ...["click", "dblclick", "auxclick", "contextmenu", "wheel", "pointerdown", "pointerup", "mousedown", "mouseup"],
  ...["touchstart", "touchend", "keydown", "keyup", "keypress", "focusin", "focusout"],
];

/** languages loads those besides English. */
export function createDialog(host: Host, actions: Actions, languages: () => Promise<Readonly<Record<Exclude<Tag, "en">, Language>>>): Dialog {
  const { root } = host;
  const card = createCard({ ...actions, fold: () => (open ? hide() : show()) });
  const frame = el("div", "frame");
  const colours = styleSheet("");
  const sheets = [styleSheet(style), colours];
  const topLayer = createTopLayer(host);
  let words: Language = en;
  const tag = tongue();
  // English is better than nothing.
  if (tag !== "en") void languages().then((others) => speak(others[tag]), () => undefined);
  let view: View = { state: idle.state, reason: undefined, code: "", codeExpires: 0, agents: [], asking: [], since: 0, digits: [] };
  let open = false;
  let expiry: number | undefined;

  function render(): void {
    const focused = root.activeElement as HTMLElement | null;
    const { branding } = host.settings;
    colours.replaceSync(brandRules(browserColour(primaryColor(host.settings))!, browserColour(branding?.secondaryColor ?? "")));
    const now = Date.now();
    const clock = (at: number): string => new Date(at).toLocaleTimeString(words === en ? [] : words.locale, { hour: "numeric", minute: "2-digit" });
    const said = face(view, branding?.supportMessage ?? "", now, clock, words);
    const shown = open || said.end;
    card.paint(said, { title: dialogTitle(host.settings, tag), logo: branding?.logoUrl ?? "", open }, words);
    card.element.hidden = !shown;
    host.button.hidden = shown;
    frame.hidden = !viewed.includes(view.state);
    if (shown) topLayer.enter();
    else topLayer.leave();

    // Whoever was in the dialog stays in it, even when the button that was pressed is gone.
    if (focused && focused.getClientRects().length === 0) (shown ? card.element : host.button).focus({ preventScroll: true });
    clearTimeout(expiry);
    if (said.code !== "") expiry = window.setTimeout(render, Math.min(view.codeExpires - now, 2 ** 31 - 1));
  }

  function speak(language: Language): void {
    words = language;
    render();
  }

  function show(): void {
    open = true;
    render();
    card.element.focus({ preventScroll: true });
  }

  function hide(): void {
    open = false;
    render();
  }

  card.element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !open) return;
    event.preventDefault();
    hide();
  });
  for (const type of keptIn) card.element.addEventListener(type, (event) => event.stopPropagation(), { passive: true });
  frame.hidden = true;
  card.element.hidden = true;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...sheets];
  root.append(frame, card.element);

  return {
    show,
    hide,
    update(next) {
      const before = view.state;
      const compared = view.digits.length > 0;
      const asked = view.asking.length > 0;
      view = next;
      if (next.state !== before) {
        // The code and the end are news that must be seen; once an agent looks at the page, the page matters, but for what the two compare.
        if (next.state === "Waiting" || (over.includes(next.state) && !over.includes(before))) open = true;
        if (next.state === "Connected" && before !== "Reconnecting") open = next.digits.length > 0;
      }
      if ((next.digits.length > 0 && !compared) || (next.asking.length > 0 && !asked)) open = true;
      render();
    },
    destroy() {
      clearTimeout(expiry);
      topLayer.leave();
      frame.remove();
      card.element.remove();
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((sheet) => !sheets.includes(sheet));
      host.button.hidden = false;
    },
  };
}
