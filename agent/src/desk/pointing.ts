import { anchored, extent, inPixels, laserPacket, thinned, type Box } from "../../../signal/wire/pointing.js";
import { MaxMarkPoints, MaxMarks, type Mark, type MarkKind, type PlacedMark, type ShowMark, type Unmark } from "../../../signal/wire/wire.gen.js";
import type { Anchor, ShownPage } from "../mirror/port.js";
import { strings } from "../strings.js";
import { Drawings, type Drawn } from "./drawings.js";
import { Toolbar, tools, type Tool } from "./toolbar.js";

/** What pointing needs of the console. */
export interface PointingNeeds {
  /** Finds the element that a mark in a part of the viewport belongs to. */
  find(kind: MarkKind | "laser", box: Box): Promise<Anchor | undefined>;
  /** Has the places of elements be told. */
  follow(nodes: readonly number[]): void;
  send(message: Mark | Unmark | ShowMark): void;
  point(data: Uint8Array<ArrayBuffer>): void;
  /** Says something to screen readers. */
  say(text: string): void;
}

const penPause = 100; // ms between what is sent of a stroke
const laserPause = 16;
const laserRest = 1_200; // ms after which the laser is off
const closest = 1.5; // CSS pixels between points of a stroke
const mostPoints = Math.min(2_000, MaxMarkPoints); // of a stroke
const inkRest = 2_000; // ms until ink goes when the hand rests
const smallest = 4; // CSS pixels that a box or an arrow is long

/** A stroke that is being drawn. */
interface Stroke {
  readonly tool: Exclude<Tool, "look" | "laser" | "highlight" | "press">;
  readonly id: number;
  points: number[]; // in the viewport
  /** The element that its first point is on, as soon as it is known. */
  anchor: Anchor | undefined;
  sent: number; // coordinates
  sentAt: number;
}

/** Pointing is the agent's hand on the customer's page: it draws what the agent draws at once, and has it drawn for the customer. */
export class Pointing {
  readonly drawings = new Drawings();
  readonly toolbar = new Toolbar({ choose: (tool) => this.choose(tool), undo: () => this.undo(), clear: () => this.takeBack(), show: () => this.show() });
  private marks: Drawn[] = [];
  private readonly fading = new Map<Drawn, number>(); // when they go
  private fadeTimer: ReturnType<typeof setTimeout> | undefined;
  private shield: HTMLElement | undefined;
  private member = "";
  private number = 0; // of the frame that began the page
  private window = { width: 0, height: 0 };
  private lastID = 0;
  private stroke: Stroke | undefined;
  private tool: Tool = "look";
  private seq = Math.floor(Math.random() * 2 ** 31);
  private lasers: readonly [number, number] | undefined; // where it is to be
  private pointing = false; // a move is under way
  private laserTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly needs: PointingNeeds) {
    document.addEventListener("keydown", (event) => {
      if (this.toolbar.element.isConnected && !event.defaultPrevented && this.toolbar.key(event)) event.preventDefault();
    });
  }

  /** Takes what the agent does on an element that lies over the page. */
  listen(shield: HTMLElement): void {
    this.shield = shield;
    shield.addEventListener("pointerdown", (event) => this.down(event));
    shield.addEventListener("pointermove", (event) => this.moved(event));
    for (const type of ["pointerup", "pointercancel"] as const) shield.addEventListener(type, (event) => this.up(event));
    shield.addEventListener("pointerleave", () => this.tool === "laser" && this.laserOff());
  }

  /** Another page of the customer is shown, or it has another size. */
  page({ number, width, height }: ShownPage): void {
    this.window = { width, height };
    this.drawings.resize(width, height);
    if (number === this.number) return;
    this.number = number;
    this.stroke = undefined;
    // Those that are still there come again, with other numbers.
    this.keep(this.marks.filter(({ page }) => page === number));
  }

  /** What the customer's page lets this agent, a member, do. */
  allow(may: readonly string[], member: string): void {
    this.member = member;
    this.toolbar.allow(may);
  }

  /** Forgets all: the session is over. */
  clear(): void {
    this.stroke = undefined;
    this.toolbar.allow([]);
    this.number = this.lastID = 0;
    this.keep([]);
  }

  /** Takes marks that agents have drawn, as the customer's page has them. */
  marked(marks: readonly PlacedMark[]): void {
    const come = marks.filter(({ from, id, page }) => from !== this.member || !this.marks.some((own) => own.from === from && own.id === id && own.page === page));
    const fresh = come.map((mark): Drawn => ({ ...mark, points: mark.points ?? [], pixels: mark.pixels ?? false, fade: mark.fade ?? false }));
    for (const { from, id } of fresh) if (from === this.member) this.lastID = Math.max(this.lastID, id);
    this.keep([...this.marks.filter((mark) => !fresh.some(({ from, id }) => from === mark.from && id === mark.id)), ...fresh]);
  }

  marksGone(from: string, ids: readonly number[]): void {
    const gone = this.marks.filter((mark) => mark.from === from && ids.includes(mark.id));
    if (gone.some(({ kind }) => from === this.member && kind === "press")) this.needs.say(strings.markDone);
    this.keep(this.marks.filter((mark) => !gone.includes(mark)));
  }

  private choose(tool: Tool): void {
    if (this.tool === "laser") this.laserOff();
    this.stroke = undefined;
    this.tool = tool;
    this.shield?.classList.toggle("draws", tool !== "look");
    this.shield?.classList.toggle("laser", tool === "laser");
    this.needs.say(strings.chosen(tools.find(([name]) => name === tool)![1]));
  }

  /** Where an event is in the viewport of the customer's page. */
  private at({ clientX, clientY }: PointerEvent): [number, number] {
    const { left, top, width } = this.shield!.getBoundingClientRect();
    const scale = width / this.window.width || 1;
    return [(clientX - left) / scale, (clientY - top) / scale];
  }

  private down(event: PointerEvent): void {
    const { tool } = this;
    if (event.button !== 0 || !event.isPrimary || tool === "look" || this.stroke) return;
    event.preventDefault();
    if (tool === "laser") return this.moved(event);
    const points = this.at(event);
    if (tool === "highlight" || tool === "press") return void this.markWhole(tool, points);
    this.shield!.setPointerCapture(event.pointerId);
    const stroke: Stroke = { tool, id: ++this.lastID, points, anchor: undefined, sent: 0, sentAt: 0 };
    this.stroke = stroke;
    if (tool === "pen") void this.needs.find("pen", pointBox(points)).then((anchor) => {
      stroke.anchor = anchor;
      this.sendStroke(stroke);
    });
    this.preview(stroke);
  }

  private moved(event: PointerEvent): void {
    const at = this.at(event);
    if (this.tool === "laser") return this.laser(at);
    const { stroke } = this;
    if (!stroke) return;
    this.extend(stroke, event, at);
    if (stroke.tool === "pen") this.sendStroke(stroke);
    this.preview(stroke);
  }

  private extend(stroke: Stroke, event: PointerEvent, at: readonly number[]): void {
    if (stroke.tool !== "pen") stroke.points = [...stroke.points.slice(0, 2), ...at];
    else {
      const all = event.getCoalescedEvents?.() ?? [];
      for (const each of all.length > 0 ? all : [event]) stroke.points.push(...this.at(each));
      stroke.points.length = Math.min(stroke.points.length, 2 * mostPoints);
    }
  }

  private up(event: PointerEvent): void {
    const { stroke } = this;
    if (!stroke) return;
    this.stroke = undefined;
    if (event.type === "pointerup") this.extend(stroke, event, this.at(event));
    const { x, y, width, height } = extent(stroke.points, this.window);
    if (event.type === "pointercancel" || (stroke.tool !== "pen" && Math.max(width, height) < smallest)) return this.forget(stroke.id);
    const points = stroke.tool === "pen" ? thinned(stroke.points, closest) : stroke.points;
    // An arrow belongs to what it points at.
    const box = stroke.tool === "arrow" ? pointBox(points.slice(2)) : { x, y, width, height };
    void this.needs.find(stroke.tool, box).then((anchor) => anchor ? this.finish(stroke.id, stroke.tool, points, anchor, this.toolbar.fades) : this.forget(stroke.id));
  }

  private async markWhole(kind: "highlight" | "press", at: readonly number[]): Promise<void> {
    const anchor = await this.needs.find(kind, pointBox(at));
    if (!anchor) return this.needs.say(strings.nothingThere);
    // An agent asks for one thing at a time.
    if (kind === "press") this.keep(this.marks.filter((mark) => mark.from !== this.member || mark.kind !== kind));
    this.finish(++this.lastID, kind, [], anchor, false);
    if (kind === "press") {
      this.needs.say(strings.asked);
      this.toolbar.choose("look");
    }
  }

  /** Puts a mark where it belongs, on both sides. */
  private finish(id: number, kind: MarkKind, points: readonly number[], anchor: Anchor, fade: boolean): void {
    const pixels = points.length > 0 && inPixels(anchor.box, this.window);
    const mark: Drawn = { from: this.member, id, page: anchor.page, node: anchor.node, kind, points: anchored(points, anchor.box, pixels), pixels, fade };
    this.put(mark);
    this.needs.send({ type: "mark", id, page: mark.page, node: mark.node, kind, points: [...mark.points], pixels, fade });
  }

  /** Sends what is new of a stroke that goes on, now and then. */
  private sendStroke(stroke: Stroke): void {
    const now = performance.now();
    const { id, tool, anchor, points } = stroke;
    if (!anchor || this.stroke !== stroke || now - stroke.sentAt < penPause || points.length === stroke.sent) return;
    const pixels = inPixels(anchor.box, this.window);
    const fresh = thinned(points.slice(stroke.sent), closest);
    this.needs.send({
      type: "mark", id, page: anchor.page, node: anchor.node, kind: tool, points: anchored(fresh, anchor.box, pixels), pixels, fade: this.toolbar.fades, ...(stroke.sent > 0 && { more: true }),
    });
    stroke.sent = points.length;
    stroke.sentAt = now;
  }

  private preview({ tool, id, points }: Stroke): void {
    this.put({ from: this.member, id, page: this.number, node: 0, kind: tool, points: tool === "pen" ? [...points] : points, pixels: true, fade: false });
  }

  private put(mark: Drawn): void {
    this.keep([...this.marks.filter(({ from, id }) => from !== mark.from || id !== mark.id), mark]);
  }

  /** Forgets a stroke that comes to nothing. */
  private forget(id: number): void {
    this.needs.send({ type: "unmark", id });
    this.keep(this.marks.filter((mark) => mark.from !== this.member || mark.id !== id));
  }

  private undo(): void {
    const last = this.own.at(-1);
    if (last) this.forget(last.id);
  }

  private takeBack(): void {
    this.needs.send({ type: "unmark" });
    this.keep(this.marks.filter(({ from }) => from !== this.member));
  }

  private show(): void {
    const last = this.own.at(-1);
    if (last) this.needs.send({ type: "showMark", id: last.id });
  }

  private get own(): Drawn[] {
    return this.marks.filter(({ from }) => from === this.member);
  }

  private keep(marks: Drawn[]): void {
    const gone = new Set(this.own.slice(0, -MaxMarks));
    const before = this.marks.map(({ node }) => node).join();
    this.marks = marks.filter((mark) => !gone.has(mark));
    const nodes = this.marks.map(({ node }) => node);
    if (nodes.join() !== before) this.needs.follow([...new Set(nodes)].filter(Boolean));
    this.drawings.show(this.marks);
    this.toolbar.count(this.own.length);
    this.fade();
  }

  /** Ink goes together, when the hand has rested. */
  private fade(): void {
    const inks = this.marks.filter(({ fade }) => fade);
    const known = inks.every((mark) => this.fading.has(mark));
    if (known && inks.length === this.fading.size) return;
    this.fading.clear();
    clearTimeout(this.fadeTimer);
    for (const mark of inks) this.fading.set(mark, performance.now() + inkRest);
    if (inks.length > 0) this.fadeTimer = setTimeout(() => this.keep(this.marks.filter((mark) => !this.fading.has(mark))), inkRest);
  }

  private laser(at: readonly [number, number]): void {
    this.drawings.point(at, this.member);
    clearTimeout(this.laserTimer);
    this.laserTimer = setTimeout(() => this.drawings.point(undefined, this.member), laserRest);
    this.lasers = at;
    if (!this.pointing) void this.sendLaser();
  }

  private async sendLaser(): Promise<void> {
    this.pointing = true;
    for (let at = this.lasers; at; at = this.lasers) {
      this.lasers = undefined;
      const rested = new Promise((resolve) => setTimeout(resolve, laserPause));
      const anchor = await this.needs.find("laser", pointBox(at));
      if (anchor && this.tool === "laser") {
        const pixels = inPixels(anchor.box, this.window);
        const [x, y] = anchored(at, anchor.box, pixels) as [number, number];
        this.needs.point(laserPacket({ seq: ++this.seq, page: anchor.page, node: anchor.node, pixels, x, y }));
      }
      await rested;
    }
    this.pointing = false;
  }

  private laserOff(): void {
    this.lasers = undefined;
    this.drawings.point(undefined, this.member);
    this.needs.point(laserPacket({ seq: ++this.seq, page: this.number, node: 0, pixels: false, x: 0, y: 0 }));
  }
}

const pointBox = ([x = 0, y = 0]: readonly number[]): Box => ({ x, y, width: 0, height: 0 });
