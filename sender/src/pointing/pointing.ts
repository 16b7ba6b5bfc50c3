import { atEdge, colourOf, common, extent, isEmpty, markPath, placed, readLaser, type Box } from "../../../signal/wire/pointing.js";
import { MaxMarkPoints, MaxMarks, MaxMarkValue, type Control, type Mark, type PlacedMark, type ShowMark, type Unmark } from "../../../signal/wire/wire.gen.js";
import type { Session } from "../session/machine.js";
import type { Announcer } from "./announcer.js";
import { boxOf, clipOf, clippersOf, isRendered } from "./anchors.js";
import { Drawing, Layer } from "./layer.js";

/** What pointing needs of capture. */
export interface PointingPage {
  readonly page: number;
  readonly tree: { node(id: number): Node | undefined; id(node: Node): number };
  readonly privacy: { now(node: Node): number };
}

/** What of a mark its geometry needs; a laser has no kind. */
interface Shown {
  readonly from: string;
  readonly id: number;
  readonly kind: Mark["kind"] | undefined;
  readonly element: Element;
  readonly drawing: Drawing;
  readonly end: () => void;
  points: number[];
  pixels: boolean;
  fade: boolean;
  clippers: Element[];
  since: number; // when clippers were looked for
  over: number; // when it ends; 0: not by itself
}

const inkRest = 2_000; // ms until ink fades when the hand rests
const fading = 400; // ms
const laserRest = 1_200;
const pressFor = 60_000;
const showRest = 2_000; // ms until an agent may scroll the page again
const late = 1_000; // moves of a laser that another may have overtaken
const laserSay = 700; // ms that a laser rests until it is said what it is on
const clippersFor = 500; // ms
const tellRest = 250; // ms between what agents learn of marks
const mostTold = 4_000; // coordinates in one message
const margin = 24; // CSS pixels of arrows at the edge
const edgeArrow = 24; // CSS pixels of their length

/** Pointing shows the customer what agents point at: marks on elements of the page, and lasers. Nothing of it runs while there are none. */
export class Pointing {
  private readonly layer: Layer;
  private readonly all: Shown[] = [];
  private readonly calm = matchMedia("(prefers-reduced-motion: reduce)");
  private page = 0; // on which the agents know all marks
  private ticking = 0;
  private readonly lasers = new Map<string, number>(); // the numbers of the last moves, by agent
  private readonly scrolled = new Map<string, number>(); // until when they may not again, by agent
  private readonly fresh = new Set<Shown>(); // of which the agents are to learn
  private readonly gone = new Map<string, number[]>(); // ids by agent, of which they are
  private telling = 0;

  constructor(
    root: ShadowRoot,
    private readonly capture: PointingPage,
    private readonly needs: { session(): Session },
    private readonly links: { tell(message: Control): void },
    private readonly announcer: Announcer,
  ) {
    this.layer = new Layer(root);
  }

  /** Does what an agent asks for. */
  take(message: Mark | Unmark | ShowMark, from: string): void {
    if (message.type === "mark") this.mark(message, from);
    else if (message.type === "unmark") this.drop((mark) => mark.from === from && mark.id > 0 && (message.id || mark.id) === mark.id);
    else this.show(message.id, from);
  }

  /** Takes a move of an agent's laser. */
  laser(data: Uint8Array, from: string): void {
    const laser = readLaser(data);
    const ahead = laser && laser.seq - (this.lasers.get(from) ?? -late);
    // A console that begins anew counts from anywhere.
    if (!laser || (ahead! <= 0 && ahead! > -late)) return;
    this.lasers.set(from, laser.seq);
    const element = this.element(laser.page, laser.node);
    const before = this.find(from, 0);
    if (before?.element !== element) this.drop((mark) => mark === before);
    if (!element) return;
    const mark = this.find(from, 0) ?? this.add(from, 0, undefined, element);
    mark.points = [laser.x, laser.y].map(bounded);
    mark.pixels = laser.pixels;
    mark.over = performance.now() + laserRest;
    this.say(mark, laserSay);
  }

  /** Forgets an agent, or all of them. */
  clear(from?: string): void {
    this.drop((mark) => mark.from === (from ?? mark.from));
  }

  private mark({ id, page, node, kind, points = [], pixels = false, more, fade = false }: Mark, from: string): void {
    const element = this.element(page, node);
    if (id <= 0 || !element) return;
    const known = this.find(from, id);
    const own = this.all.filter((mark) => mark.from === from && mark.id && mark !== known);
    let mark = known;
    if (!more || known?.element !== element || known.kind !== kind) {
      // An agent asks for one thing at a time.
      const oldest = own.length >= MaxMarks && own[0];
      this.drop((other) => other === oldest || (kind === "press" && own.includes(other) && other.kind === kind));
      this.drop((other) => other === known, true);
      mark = this.add(from, id, kind, element);
      if (kind === "press") mark.over = performance.now() + pressFor;
      if (!known) this.say(mark, 0);
    }
    let room = MaxMarkPoints * 2 - mark!.points.length;
    for (const other of own) room -= other.points.length;
    mark!.points.push(...points.slice(0, Math.min(points.length, room) & ~1).map(bounded));
    mark!.pixels = pixels;
    mark!.fade = fade;
    if (fade) for (const other of this.all) if (other.from === from && other.fade) other.over = performance.now() + inkRest;
    this.news(mark!);
  }

  /** The mark of an agent with that id; 0: its laser. */
  private find(from: string, id: number): Shown | undefined {
    return this.all.find((mark) => mark.from === from && mark.id === id);
  }

  private add(from: string, id: number, kind: Shown["kind"], element: Element): Shown {
    const who = this.name(from);
    const ask = kind === "press";
    const colour = colourOf(from);
    // The newest says whose they are.
    for (const mark of this.all) if (mark.from === from && mark.kind !== "press") mark.drawing.silence();
    this.layer.shown = true;
    const drawing = new Drawing(this.layer, colour, ask ? this.announcer.ask(who) : who, kind === "highlight" ? colour : "none", kind ? (kind === "pen" ? 4 : 3) : 12);
    if (ask && !this.calm.matches) drawing.breathe();
    // The element hears it too, since a closed shadow root does not tell the window what was pressed in it.
    const view = element.ownerDocument.defaultView;
    const pressed = (event: Event): void => {
      if (event.isTrusted && event.composedPath().includes(element)) this.drop((mark) => mark === added);
    };
    for (const target of ask ? [view, element] : []) target?.addEventListener("click", pressed, true);
    const end = (): void => {
      for (const target of [view, element]) target?.removeEventListener("click", pressed, true);
      drawing.remove();
    };
    const added: Shown = { from, id, kind, element, drawing, end, points: [], pixels: false, fade: false, clippers: [], since: -clippersFor, over: 0 };
    this.all.push(added);
    this.page ||= this.capture.page;
    this.ticking ||= requestAnimationFrame(() => this.tick());
    return added;
  }

  /** Scrolls to a mark, as far as is needed. */
  private show(id: number, from: string): void {
    const mark = id > 0 && this.find(from, id);
    const now = performance.now();
    if (!mark || now < (this.scrolled.get(from) ?? 0)) return;
    this.scrolled.set(from, now + showRest);
    mark.element.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
    const box = boxOf(mark.element);
    const { x, y, width, height } = extent(placed(mark.points, box, mark.pixels), box);
    const off = (from: number, size: number, room: number): number => Math.min(from - margin, Math.max(0, from + size - room + margin));
    mark.element.ownerDocument.defaultView!.scrollBy({ left: off(box.x + x, width, innerWidth), top: off(box.y + y, height, innerHeight), behavior: "instant" });
  }

  /** Draws all where it is now: reads first, then writes. */
  private tick(): void {
    this.ticking = 0;
    const now = performance.now();
    try {
      this.renumber();
      this.drop((mark) => !mark.element.isConnected || (mark.over > 0 && now > mark.over + (mark.fade && !this.calm.matches ? fading : 0)));
      if (this.all.length === 0) return;
      const { window } = this.layer;
      const places = this.all.map((mark) => this.placeOf(mark, window, now));
      this.all.forEach((mark, i) => this.draw(mark, places[i], window, now));
      this.ticking = requestAnimationFrame(() => this.tick());
    } catch {
      this.clear(); // whatever the page has made of its elements, it hears of no error
    }
  }

  private placeOf(mark: Shown, window: Box, now: number): { readonly box: Box; readonly clip: Box } | undefined {
    if (!isRendered(mark.element)) return undefined;
    if (now - mark.since > clippersFor) {
      mark.clippers = clippersOf(mark.element);
      mark.since = now;
    }
    return { box: boxOf(mark.element), clip: clipOf(mark.clippers, window) };
  }

  private draw({ kind, points, pixels, drawing, fade, over }: Shown, place: ReturnType<Pointing["placeOf"]>, window: Box, now: number): void {
    drawing.hide(!place);
    if (!place) return;
    const { box, clip } = place;
    const at = placed(points, box, pixels);
    if (fade && over && now > over) drawing.fade(1 - (now - over) / fading);
    const { x, y, width, height } = extent(at, box);
    const covers = { x: box.x + x, y: box.y + y, width, height };
    // A point has no size.
    const seen = common({ x: covers.x - 1, y: covers.y - 1, width: width + 2, height: height + 2 }, clip);
    if (!isEmpty(seen)) {
      drawing.draw(markPath(kind ?? "pen", at, box), box.x, box.y, clip);
      return drawing.place(covers, window);
    }
    if (fade) return drawing.hide(true);
    const edge = atEdge(covers, isEmpty(clip) ? window : clip, margin);
    const from = [edge.x - edgeArrow * Math.cos(edge.angle), edge.y - edgeArrow * Math.sin(edge.angle), edge.x, edge.y];
    drawing.draw(markPath("arrow", from, box), 0, 0, window);
    drawing.place(extent(from, box), window);
  }

  /** After a snapshot nodes have other numbers: the agents learn which marks there are. */
  private renumber(): void {
    const { capture } = this;
    if (this.page === capture.page || this.all.some(({ element }) => !capture.tree.id(element))) return;
    this.page = capture.page;
    for (const mark of this.all) if (mark.kind) this.news(mark);
  }

  /** The agents are to learn of a mark that is new or another, soon: an agent must not have us send others more than they take. */
  private news(mark: Shown): void {
    this.fresh.add(mark);
    this.soon();
  }

  private soon(): void {
    this.telling ||= window.setTimeout(() => this.tell(), tellRest);
  }

  private tell(): void {
    this.telling = 0;
    let room = mostTold;
    const marks: PlacedMark[] = [];
    for (const mark of this.fresh) {
      const { from, id, kind, element, points, pixels, fade } = mark;
      if ((room -= points.length) < 0 && marks.length > 0) break;
      this.fresh.delete(mark);
      marks.push({ from, id, page: this.capture.page, node: this.capture.tree.id(element), kind: kind!, points, pixels, fade });
    }
    if (marks.length > 0) this.links.tell({ type: "marked", marks });
    for (const [from, ids] of this.gone) this.links.tell({ type: "marksGone", from, ids });
    this.gone.clear();
    if (this.fresh.size > 0) this.soon();
  }

  /** Ends marks; the agents learn it, unless another takes the place. */
  private drop(which: (mark: Shown) => boolean, replaced?: boolean): void {
    for (const mark of this.all.filter(which)) {
      this.all.splice(this.all.indexOf(mark), 1);
      mark.end();
      this.fresh.delete(mark);
      if (!mark.kind || replaced) continue;
      this.gone.set(mark.from, [...(this.gone.get(mark.from) ?? []), mark.id]);
      this.soon();
    }
    if (this.all.length > 0) return;
    this.page = 0;
    this.layer.shown = false;
  }

  private element(page: number, id: number): Element | undefined {
    const node = page === this.capture.page ? this.capture.tree.node(id) : undefined;
    return node?.nodeType === Node.ELEMENT_NODE ? (node as Element) : undefined;
  }

  private name(from: string): string {
    return this.announcer.who(this.needs.session().members.find(({ id }) => id === from)?.name);
  }

  private say({ element, from, kind }: Shown, after: number): void {
    this.announcer.say(element, () => this.capture.privacy.now(element) > 0, this.name(from), kind === "press", after);
  }
}

const bounded = (value: number): number => Math.min(Math.max(value, -MaxMarkValue), MaxMarkValue);
