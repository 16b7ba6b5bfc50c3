import { ByteReader } from "../../signal/wire/bytes.js";
import type { Box, Marks } from "./mirror/port.js";
import { el, picture } from "./ui/el.js";
import { playerLine } from "./ui/player.js";

const arrow = "M3 2 L3 17 L7.2 13.2 L10 19.2 L12.6 18 L9.9 12.2 L15.5 12 Z";

const nothing: Marks = { focus: undefined, players: [], anchors: [] };

/** Overlay draws over the customer's page what is not part of it: the customer's pointer, clicks, the focus, what part of it is seen. */
export class Overlay {
  readonly element = el("div", { class: "overlay", "aria-hidden": "true" });
  private readonly pointer = picture("pointer", 20, arrow);
  private readonly ring = el("div", { class: "focus-ring" });
  private readonly part = el("div", { class: "seen" });
  private partBox: Box | undefined;
  private readonly players = el("div");
  private playersShown = "";
  private seq = 0;
  private scale = 1;
  private at: readonly [number, number] = [0, 0];
  private now: Marks = nothing;
  private scheduled = false;

  /** showsFocus tells whether the page shows itself where the customer's focus is, as it has the agent's; drawings are what agents draw. */
  constructor(private readonly showsFocus: () => boolean, drawings: SVGElement) {
    this.element.append(this.players, this.part, this.ring, drawings, this.pointer);
    this.clear();
  }

  /** Forgets the pointer: another page or link begins. */
  clear(): void {
    this.seq = 0;
    this.pointer.classList.add("gone");
    this.ring.hidden = true;
    this.seen(undefined);
    this.marks(nothing);
  }

  /** Draws the customer's focus and how things play. */
  marks(marks: Marks): void {
    this.now = marks;
    this.moved();
  }

  /** Shows which part of the page the customer sees; undefined: all of it. */
  seen(box: Box | undefined): void {
    this.partBox = box;
    this.placePart();
  }

  /** Takes a message of the pointer channel. One that is late or malformed is void. */
  pointerMoved(data: Uint8Array): void {
    try {
      const reader = new ByteReader(data);
      const seq = reader.uint();
      if (seq <= this.seq) return;
      this.at = [reader.int(), reader.int()];
      this.seq = seq;
    } catch {
      return;
    }
    this.pointer.classList.remove("gone");
    this.placePointer();
  }

  /** Shows that the customer pressed a pointer button. */
  clicked(x: number, y: number): void {
    const ripple = el("div", { class: "ripple" });
    place(ripple, x * this.scale, y * this.scale);
    ripple.addEventListener("animationend", () => ripple.remove());
    // Only so many at a time, however fast the clicks come.
    const others = this.element.getElementsByClassName("ripple");
    if (others.length > 8) others[0]?.remove();
    this.element.append(ripple);
  }

  /** The page is shown in another size. */
  scaled(scale: number): void {
    this.scale = scale;
    this.placePointer();
    this.placePart();
    this.moved();
  }

  /** The ring and what says how things play are drawn anew before the next paint. */
  moved(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.placeRing();
      this.placePlayers();
    });
  }

  private placePointer(): void {
    place(this.pointer, this.at[0] * this.scale, this.at[1] * this.scale);
  }

  private placeRing(): void {
    const box = this.showsFocus() ? undefined : this.now.focus;
    this.ring.hidden = !box || box.width === 0;
    if (box) this.fit(this.ring, box);
  }

  private placePlayers(): void {
    const { players } = this.now;
    const now = JSON.stringify([this.scale, players]);
    if (now === this.playersShown) return;
    this.playersShown = now;
    this.players.replaceChildren(...players.map((player) => {
      const place = el("div", { class: `player ${player.name}${player.controls ? " controls" : ""}` }, playerLine(player));
      this.fit(place, player.box);
      return place;
    }));
  }

  private placePart(): void {
    this.part.hidden = !this.partBox;
    if (this.partBox) this.fit(this.part, this.partBox);
  }

  private fit(element: HTMLElement, box: Box): void {
    place(element, box.x * this.scale, box.y * this.scale);
    element.style.width = `${box.width * this.scale}px`;
    element.style.height = `${box.height * this.scale}px`;
  }
}

function place(element: HTMLElement | SVGElement, x: number, y: number): void {
  element.style.transform = `translate(${x}px, ${y}px)`;
}
