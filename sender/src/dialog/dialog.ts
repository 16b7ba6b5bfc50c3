import type { SessionState } from "../api.js";
import type { Aside } from "../aside.js";
import { idle, type Host } from "../part.js";
import { browserColour } from "../page/canvas.js";
import { append, el, styleSheet } from "../page/dom.js";
import { tongue, type Tag } from "../page/tongue.js";
import { dialogTitle, position, primaryColor } from "../look.js";
import type { QwelpSettings, QwelpTexts } from "../settings.gen.js";
import { createCard, type Size } from "./card.js";
import { en } from "./language/en.js";
import type { Language } from "./language/language.js";
import { createPlace } from "./place.js";
import { brandRules, style } from "./style.js";
import { withTexts } from "./texts.js";
import { around, isDark } from "./scheme.js";
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
  /** Pause what the agents see, or go on with it. */
  pause(paused: boolean): void;
  /** End the session, in whatever state it is. */
  end(): void;
}

/**
 * The customer's view of the session: a dialog, which folds to a small indicator, in two sizes. While a session runs one of them
 * is always visible, with the button that ends it; otherwise the support button is, unless the dialog is open.
 */
export interface Dialog {
  /** Opens the dialog and moves the focus into it: the customer has asked for it. */
  show(): void;
  /** Folds the dialog to the indicator or, when no session runs, to the support button. */
  hide(): void;
  /** Shows the session as it is now, with the settings as they are now. Moves no focus from the page. */
  update(view: View): void;
}

const over: readonly SessionState[] = ["Stopped", "Failed"];
const viewed: readonly SessionState[] = ["Connected", "Reconnecting"];
const patience = 15_000; // ms that an agent may be joining
const startPatience = 4_000; // ms that a code may take

/** settings gives those of the moment; languages loads those besides English. */
export function createDialog(host: Host, settings: () => QwelpSettings, actions: Actions, languages: () => Promise<Readonly<Record<Exclude<Tag, "en">, Language>>>): Dialog {
  const { root } = host;
  const card = createCard({
    ...actions,
    pause: () => actions.pause(!view.paused),
    smaller: () => resize(size === "open" && running ? "bar" : running && view.asking.length === 0 ? "pill" : "bar"),
    larger: () => (size === "pill" ? resize("bar") : show()),
    away: () => void host.aside().then((there) => {
      aside = there;
      aside.put(!aside.away);
      if (aside.away) resize("bar");
      else render();
    }, () => undefined),
  });
  const { element } = card;
  const place = createPlace(element, card.grip, card.handles, () => host.element);
  const frame = el("div", "frame");
  const colours = styleSheet("");
  const topLayer = createTopLayer(host);
  const tag = tongue();
  let language: Language = en;
  let texts: QwelpTexts | undefined;
  let words: Language = en;
  // English is better than nothing.
  if (tag !== "en") void languages().then((others) => {
    language = words = others[tag];
    texts = undefined;
    render();
  }, () => undefined);
  let view: View = {
    state: idle.state, reason: undefined, code: "", codeExpires: 0, agents: [], asking: [], since: 0, digits: [], paused: false, server: true, online: true,
  };
  let size: Size = "bar";
  let running = false; // as the card shows it
  let changed = 0; // when the state did, last, or the customer answered
  let tick = 0;
  let ruled = ""; // what colours has
  let aside: Aside | undefined;

  function render(): void {
    const focused = root.activeElement as HTMLElement | null;
    const { branding } = settings();
    if (branding?.texts !== texts) {
      texts = branding?.texts;
      words = withTexts(language, texts, (message) => console.warn(`qwelp: ${message}`));
    }
    const said = paint();
    const shown = size === "open" || running;
    element.hidden = !shown;
    host.button.hidden = shown;
    frame.hidden = !viewed.includes(view.state) || view.paused;
    place.prefer(position(branding ?? {}, words.dir));
    if (shown) topLayer.enter();
    else topLayer.leave();
    place.changed();

    // Whoever was in the dialog stays in it, even when the button that was pressed is gone.
    if (focused && focused.getClientRects().length === 0) (shown ? element : host.button).focus({ preventScroll: true });
    clearInterval(tick);
    if (shown && (said.clock !== "" || view.state === "Connecting" || view.state === "Signalling")) tick = window.setInterval(paint, 1000);
  }

  /** Writes what there is to say now. */
  function paint(): ReturnType<typeof face> {
    const now = Date.now();
    const slow = now - changed > (view.state === "Signalling" ? startPatience : patience);
    const { branding = {}, privacy = {} } = settings();
    const rules = brandRules(browserColour(primaryColor(branding))!, browserColour(branding.secondaryColor ?? ""), isDark(around(branding.colorScheme)));
    if (rules !== ruled) colours.replaceSync((ruled = rules));
    const hidesMore = privacy.default === "private" || !!privacy.redact?.length || !!privacy.hide?.length || !!document.querySelector("[data-qwelp]:not([data-qwelp=unredact])");
    const said = face({ ...view, slow }, branding, now, words, hidesMore);
    running = said.end !== "";
    card.paint(said, { title: dialogTitle(branding, tag), logo: branding.logoUrl ?? "", size, phone: branding.phone ?? "", away: branding.button ? undefined : (aside?.away ?? false) }, words);
    return said;
  }

  function show(): void {
    size = "open";
    render();
    element.focus({ preventScroll: true });
    void host.aside().then((there) => {
      aside = there;
      render();
    }, () => undefined);
  }

  /** Gives the focus back when the dialog was left, unless the customer has taken it elsewhere. */
  function resize(next: Size): void {
    const left = size === "open" && root.activeElement !== null;
    size = next;
    render();
    if (!left) return;
    const back = element.hidden && !settings().branding?.button ? host.button : host.before();
    if (back instanceof HTMLElement && back.isConnected) back.focus({ preventScroll: true });
  }

  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || size !== "open") return;
    event.preventDefault();
    resize("bar");
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => paint());
  frame.hidden = true;
  element.hidden = true;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, styleSheet(style), colours];
  append(root, frame, element);

  return {
    show,
    hide: () => resize("bar"),
    update(next) {
      const was = view;
      view = next;
      if (next.state !== was.state || next.asking.length < was.asking.length) changed = Date.now();
      if (next.state !== was.state) {
        // The code and the end are news that must be seen; once an agent looks at the page, the page matters, but for what the two compare.
        if (next.state === "Waiting" || (over.includes(next.state) && !over.includes(was.state))) size = "open";
        if (next.state === "Connected" && was.state !== "Reconnecting") resize(next.digits.length > 0 ? "open" : "bar");
      }
      const news = (name: "digits" | "asking"): boolean => next[name].length > 0 && was[name].length === 0;
      if (news("digits") || news("asking")) size = "open";
      render();
    },
  };
}
