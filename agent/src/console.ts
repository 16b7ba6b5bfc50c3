import type { PlacedMark } from "../../signal/wire/wire.gen.js";
import { Pointing } from "./desk/pointing.js";
import { FocusKeeper } from "./focus.js";
import { Overlay } from "./overlay.js";
import { RemoteMirror } from "./remote.js";
import { historyURL, offers } from "./server.js";
import { Session, type Status, type View } from "./session.js";
import { loadName, loadPages, loadZoom, saveName, savePages, saveZoom } from "./store.js";
import { strings } from "./strings.js";
import { Account } from "./ui/account.js";
import { Details, type Known } from "./ui/details.js";
import { duration } from "./ui/duration.js";
import { el } from "./ui/el.js";
import { EndCard } from "./ui/endcard.js";
import { Header, longestName, longestTitle } from "./ui/header.js";
import { JoinCard } from "./ui/joincard.js";
import { KeyCard } from "./ui/keycard.js";
import { line } from "./ui/line.js";
import { Signs } from "./ui/signs.js";
import { Stage } from "./ui/stage.js";
import { verifiedName } from "./ui/verifiedname.js";
import { Visited } from "./ui/visited.js";
import { percent, ZoomControl, zoomOf } from "./ui/zoom.js";
import { whenBack } from "./wake.js";

const mostNames = 10; // of other agents, in a summary

/** Console is the agent's page: a card to join, the customer's page, a card at the end. */
class Console implements View {
  private readonly live = el("div", { class: "unseen", role: "status" });
  private readonly root = el("div", { class: "root" });
  private readonly join: JoinCard;
  private readonly header: Header;
  private readonly stage: Stage;
  private readonly details = new Details();
  private readonly over: EndCard;
  private readonly overlay: Overlay;
  private readonly mirror: RemoteMirror;
  private readonly focus: FocusKeeper;
  private readonly session: Session;
  private readonly pointing: Pointing;
  private readonly signs = new Signs();
  private readonly visited = new Visited(loadPages(), savePages);
  private readonly met = new Set<string>(); // names of other agents
  private id = ""; // of the session
  private left = ""; // the one that the agent has ended
  private readonly shown = el("div", { class: "session" });
  private known: Known | undefined; // of the customer
  private since = 0;
  private last: Status["state"] | undefined;
  private tampered = false; // and said so

  constructor(body: HTMLElement) {
    this.pointing = new Pointing({
      find: (kind, box) => this.mirror.find(kind, box),
      follow: (nodes) => this.mirror.follow(nodes),
      send: (message) => this.session.mark(message),
      point: (data) => this.session.point(data),
      say: (text) => this.say(text),
    });
    this.overlay = new Overlay(() => document.hasFocus() && this.focus.isInPage, this.pointing.drawings.element);
    const zoom = zoomOf(loadZoom());
    const control = new ZoomControl(zoom, (chosen, at) => {
      saveZoom(String(chosen));
      this.stage.zoom(chosen, at);
      this.say(strings.zoomed(chosen === "fit" ? strings.fit : percent(chosen)));
    });
    this.header = new Header([this.details.toggle, control.element], (yes) => {
      this.stage.ending(yes);
      if (yes) this.leaving();
    }, () => {
      this.over.element.remove();
      this.left = "";
      this.say(strings.goesOn);
    }, () => this.session.end(), this.signs);
    this.stage = new Stage(this.overlay.element, zoom, (scale, fitting) => {
      this.overlay.scaled(scale);
      this.header.scaled(scale);
      control.shown(scale, fitting);
    }, (by, at) => control.step(by, at), () => {
      this.mirror.reload();
      this.focus.look();
      this.session.resync("gap", []);
    });
    control.keys(this.stage.element);
    this.pointing.listen(this.stage.shield);
    this.mirror = new RemoteMirror(this.stage.host, strings.page, new URL("./mirror-runner.html", import.meta.url).href, {
      page: (info) => {
        this.stage.resize(info.width, info.height);
        this.pointing.page(info);
        this.header.page(info);
        this.overlay.clear();
        this.overlay.seen(info.seen);
        this.named(info.title);
        this.visited.at(info.url);
        this.signs.acted(performance.now());
        this.session.shown();
        this.stage.partial(info.partial);
        this.say(strings.nowAt(line(info.title, longestTitle) || line(info.url, longestTitle)));
      },
      info: (info) => {
        this.stage.resize(info.width, info.height);
        this.pointing.page(info);
        this.header.page(info);
        this.overlay.seen(info.seen);
        this.named(info.title);
        this.visited.at(info.url);
        this.stage.partial(info.partial);
      },
      click: (x, y) => {
        this.overlay.clicked(x, y);
        if (this.signs.clicked(x, y, performance.now())) this.say(strings.repeatedHint);
      },
      acted: () => this.signs.acted(performance.now()),
      marks: (marks) => {
        this.overlay.marks(marks);
        this.pointing.drawings.place(marks.anchors);
      },
      resync: (reason, frames) => this.session.resync(reason, frames),
      lack: (assets) => this.session.lack(assets),
      leave: () => control.fit.focus(),
      frozen: (yes) => {
        this.stage.frozen(yes);
        this.header.frozen(yes);
        if (yes) this.say(strings.frozen);
      },
    });
    this.focus = new FocusKeeper(() => this.mirror.shown, (may) => {
      this.mirror.focusMoved(may);
      this.overlay.moved();
    });
    const socket = new URL("../signal", import.meta.url);
    socket.protocol = socket.protocol.replace("http", "ws");
    this.session = new Session((subprotocol) => new WebSocket(socket, subprotocol), this);
    const known = offers();
    this.join = new JoinCard(loadName(), known.agent, (code, name) => {
      if (!known.agent) saveName(name);
      this.session.join(code, name);
    });
    this.join.element.append(new KeyCard().element, new Account(known).element);
    this.over = new EndCard(() => {
      this.header.finish();
      this.join.clear();
      this.start("", 0);
    }, known.notes ? historyURL : undefined);
    whenBack(() => this.session.probe());
    window.addEventListener("pagehide", () => this.session.leave());
    window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
    body.replaceChildren(this.root, this.live);
    this.show(this.join.element);
    this.session.begin(loadName());
  }

  start(error: string, retryAfter: number): void {
    this.visited.clear();
    this.show(this.join.element);
    this.join.ask(error, retryAfter);
  }

  joining(text: string): void {
    this.join.busy(text);
    this.say(text);
  }

  told(known: Known): void {
    this.known = known;
    this.details.show(known, false);
    this.header.known(known);
    this.say(strings.detailsChanged);
  }

  running(since: number, known: Known, session: string): void {
    this.since = since;
    this.id = session;
    this.known = known;
    this.met.clear();
    this.signs.begin(performance.now());
    this.last = undefined;
    this.join.busy("");
    this.stage.resize(0, 0);
    this.stage.partial(false);
    this.details.show(known, true);
    this.header.known(known);
    this.header.start(since);
    this.pointing.clear();
    this.shown.replaceChildren(this.pointing.toolbar.element, this.stage.element, this.details.element);
    this.show(this.header.element, this.shown);
    this.mirror.prepare();
    this.focus.look();
  }

  others(names: readonly string[]): void {
    for (const name of names) this.met.add(name);
    this.header.agents(names);
  }

  status(status: Status): void {
    this.header.status(status);
    this.stage.status(status);
    if (status.state !== this.last && status.state !== "connecting") this.say(spoken[status.state]);
    this.last = status.state;
    if (status.digits === undefined && !this.tampered) this.say(strings.tampered);
    this.tampered = status.digits === undefined;
  }

  /** The agent has ended the session, and has some seconds to take that back. */
  private leaving(): void {
    this.say(strings.ending);
    this.over.show(strings.endedTitle, strings.endedByYou, { session: this.id, facts: this.summary() });
    this.shown.append(this.over.element);
    this.left = this.id;
  }

  ended(title: string, text: string, lasted: boolean): void {
    const at = document.activeElement;
    this.header.stop();
    this.mirror.clear();
    this.overlay.clear();
    this.pointing.clear();
    this.named("");
    // What was written of it meanwhile stays.
    if (this.id && this.left === this.id) this.over.say(title, text);
    else this.over.show(title, text, { session: this.id, facts: lasted && this.since > 0 ? this.summary() : [] });
    this.left = "";
    this.show(this.over.element);
    if (this.over.element.contains(at)) (at as HTMLElement).focus();
    this.over.focus();
    this.visited.clear();
    this.since = 0;
    this.id = "";
  }

  restart(): void {
    this.mirror.restart();
    this.overlay.clear();
  }

  frame(data: Uint8Array): void {
    this.mirror.receive(data);
  }

  gap(): void {
    this.mirror.gap();
  }

  pointer(data: Uint8Array): void {
    this.signs.acted(performance.now());
    this.overlay.pointerMoved(data);
  }

  tools(may: readonly string[], member: string): void {
    this.pointing.allow(may, member);
  }

  marked(marks: readonly PlacedMark[]): void {
    this.pointing.marked(marks);
  }

  marksGone(from: string, ids: readonly number[]): void {
    this.pointing.marksGone(from, ids);
  }

  private summary(): (readonly [string, string])[] {
    const name = line(verifiedName(this.known?.verified ?? {}), longestName);
    const others = [...this.met].slice(0, mostNames).map((other) => line(other, longestName)).join(", ");
    return [
      [strings.duration, duration(Date.now() - this.since)],
      [strings.pages, String(this.visited.count)],
      ...(name ? [[strings.customer, `${name} ${strings.verified}`] as const] : []),
      ...(others ? [[strings.otherAgents, others] as const] : []),
    ];
  }

  private show(...elements: HTMLElement[]): void {
    this.root.replaceChildren(...elements);
  }

  private say(text: string): void {
    this.live.textContent = text;
  }

  private named(title: string): void {
    const shown = line(title, longestTitle);
    document.title = shown ? `${shown} · ${strings.console}` : strings.console;
  }
}

const spoken: Readonly<Record<Status["state"], string>> = {
  connecting: strings.connecting,
  live: strings.connected,
  paused: strings.sharingPaused,
  loading: strings.loading,
  reconnecting: strings.reconnecting,
  gone: strings.longGone,
};

new Console(document.body);
