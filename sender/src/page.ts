import { loadPicture, loadSession, ownBase } from "./load.js";
import { activated, missingFeature, parsed, report, sessionWaits } from "./page/browser.js";
import { createButton, type SupportButton } from "./page/button.js";
import { browserColour } from "./page/canvas.js";
import { createListeners } from "./page/listeners.js";
import { createMount, type Mount } from "./page/mount.js";
import { registry } from "./page/registry.js";
import { newSenderSession, type QwelpSenderSession } from "./page/sendersession.js";
import { offer } from "./capture/joining.js";
import type { Guest } from "./guest.js";
import { storageKey, type Host, type PartSession, type SessionPart } from "./part.js";
import { lookOf, type Look } from "./look.js";
import { Subprotocol } from "../../signal/wire/wire.gen.js";

/** The sender on one page. Its shape is kept from version to version, since copies of the sender share it. */
export interface Page {
  /** The session of this page, once one was started or resumed. */
  readonly running: QwelpSenderSession | undefined;
  /** See startQwelpSession. */
  start(settings: unknown): QwelpSenderSession;
  /** See checkQwelpSessionAutoStart. */
  check(settings: unknown): Promise<QwelpSenderSession | undefined>;
  /** Lets the page around this one, if settings name it, show this one to its agents. */
  join?(settings: unknown): void;
}

/** Returns the sender on this page: the first copy that is asked makes it for all. */
export function page(): Page {
  const shared = registry();
  return (shared.page ??= createPage(shared.base ?? ownBase()));
}

/** The milliseconds to wait before each further attempt to load the part for a session that is to be resumed. */
const resumeDelays = [1000, 3000, 9000];

const offlineNote = "Support could not be loaded. Check your connection and try again.";

/** The app's signalling route. */
function signalURL(base: string): URL {
  const url = new URL("signal", base);
  url.protocol = url.protocol.replace("http", "ws");
  return url;
}

function createPage(base: string): Page {
  const warn = (message: string): void => console.warn(`qwelp: ${message}`);
  const listeners = createListeners(report);
  const session = newSenderSession({ listeners, part: () => part });
  const all: unknown[] = []; // that the page has given of settings; what is not looked at here is checked when it is needed
  let running: QwelpSenderSession | undefined;
  let view: { mount: Mount; button: SupportButton } | undefined;
  let loading: Promise<SessionPart> | undefined;
  let failures = 0;
  let part: PartSession | undefined;
  let unsupported: boolean | undefined;
  let told = false;
  let watches = false;
  let resuming: Promise<QwelpSenderSession | undefined> | undefined;
  let guest: Guest | undefined;
  let early: WebSocket | undefined;

  function supported(): boolean {
    if (unsupported === undefined) {
      const feature = missingFeature();
      unsupported = feature !== undefined;
      if (unsupported) warn(`no session: this browser lacks ${feature}`);
    }
    return !unsupported;
  }

  const look = (): Look => lookOf(all, (text) => browserColour(text) !== undefined);

  function configure(given: unknown): void {
    all.push(given);
    view?.button.brand(look());
    part?.settingsChanged();
    guest?.settingsChanged();
    if (window !== parent) addEventListener("message", offered);
  }

  function offered({ data, origin, source, ports }: MessageEvent): void {
    const named = (settings: unknown): unknown => (settings as { parents?: readonly unknown[] } | undefined)?.parents?.includes?.(origin);
    if (data === offer && source === parent && all.some(named)) {
      import("./guest.js").then(({ welcome }) => (guest = welcome(ports[0]!, origin, () => view?.mount.element, all)), report);
    }
  }

  /** Makes the interface and shows it with the support button; once. */
  function show(): { mount: Mount; button: SupportButton } {
    if (!view) {
      const mount = createMount();
      const button = createButton(mount.root, {
        press: () => void press(),
        near: () => void load().catch(() => {}),
        aside: () => import("./aside.js"),
      });
      button.brand(look());
      view = { mount, button };
      mount.show();
      button.settle();
      // The page's own elements that open the dialog.
      addEventListener("click", (event) => {
        if (!event.isTrusted || !event.composedPath().some((at) => at instanceof Element && at.hasAttribute("data-qwelp-start"))) return;
        event.preventDefault();
        void press();
      }, true);
    }
    return view;
  }

  function load(): Promise<SessionPart> {
    loading ??= loadSession(failures).catch((error: unknown) => {
      loading = undefined;
      failures++;
      throw error;
    });
    return loading;
  }

  async function loadedPart(): Promise<PartSession> {
    const { createSession } = await load();
    return (part ??= createSession(host()));
  }

  function host(): Host {
    const { mount, button } = show();
    return {
      base,
      element: mount.element,
      root: mount.root,
      button: button.element,
      aside: button.aside,
      before: button.before,
      given: all,
      socket: () => {
        const socket = early;
        early = undefined;
        return socket && socket.readyState <= WebSocket.OPEN ? socket : new WebSocket(signalURL(base), Subprotocol);
      },
      emit: listeners.emit,
      running: () => {
        running = session;
      },
    };
  }

  async function press(): Promise<void> {
    const { button } = show();
    button.note("");
    button.busy(true);
    try {
      (await loadedPart()).open();
    } catch (error) {
      button.note(offlineNote);
      warn(`the session cannot be loaded: ${error}`);
    }
    button.busy(false);
  }

  const waits = (): boolean => sessionWaits(storageKey(base)) && supported();

  /** Takes up the session that waits for this page, if one does. */
  function resume(): Promise<QwelpSenderSession | undefined> {
    return (resuming ??= takeUp().finally(() => (resuming = undefined)));
  }

  /** What was tried meanwhile may have failed because the page was behind others. */
  async function comes({ persisted }: PageTransitionEvent): Promise<void> {
    if (persisted === false || document.hidden) return;
    await resuming;
    await resume();
  }

  async function takeUp(): Promise<QwelpSenderSession | undefined> {
    for (const delay of [...resumeDelays, undefined]) {
      if (!waits()) return undefined;
      try {
        // Both are needed in a moment.
        if (!running) early ??= new WebSocket(signalURL(base), Subprotocol);
        const loaded = load();
        void loadPicture(0).catch(() => {});
        loaded.catch(() => {});
        await parsed();
        if (await (await loadedPart()).resume()) return session;
        early?.close();
        early = undefined;
        return undefined;
      } catch (error) {
        warn(`the session cannot be resumed: ${error}`);
      }
      if (delay !== undefined) await new Promise((resolve) => setTimeout(resolve, delay));
    }
    return undefined;
  }

  return {
    get running() {
      return running;
    },
    start(given) {
      try {
        configure(given);
        if (supported()) {
          void parsed().then(show).catch(report);
          // The page's own button has been pressed.
          if (look().button && navigator.userActivation?.isActive) void press();
        } else if (!told) {
          told = true;
          void parsed().then(() => import("./unsupported.js")).then(({ showUnsupported }) => showUnsupported(look().dialogTitle)).catch(report);
        }
      } catch (error) {
        report(error);
      }
      return session;
    },
    join: configure,
    async check(given) {
      try {
        configure(given);
        await activated();
        if (!watches) {
          watches = true;
          // The page comes to the front, or back from the back/forward cache. One that goes is hidden after what it has left.
          for (const type of ["pageshow", "focus", "visibilitychange"]) addEventListener(type, (event) => void comes(event as PageTransitionEvent));
        }
        return await resume();
      } catch (error) {
        report(error);
        return undefined;
      }
    },
  };
}
