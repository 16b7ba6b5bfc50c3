import { strings } from "../strings.js";
import { button, el, picture } from "./el.js";

/** How large the customer's page is shown: as large as fits, or at a scale. */
export type Zoom = "fit" | number;

const steps = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;
const near = 1.001; // scales closer than that are the same

/** The next larger step. */
export function larger(scale: number): Zoom {
  return steps.find((step) => step > scale * near) ?? steps[steps.length - 1]!;
}

/** The next smaller step; below the smallest, as large as fits where that is smaller. */
export function smaller(scale: number, fitting: number): Zoom {
  return [...steps].reverse().find((step) => step * near < scale) ?? (fitting < steps[0] ? "fit" : steps[0]);
}

/** Reads what was kept; what is no zoom fits. */
export function zoomOf(text: string): Zoom {
  return steps.find((step) => String(step) === text) ?? "fit";
}

export function percent(scale: number): string {
  return `${Math.round(scale * 100)} %`;
}

const wholeScreen = "M3 9V3h6v2H5v4H3Zm12-6h6v6h-2V5h-4V3ZM5 15v4h4v2H3v-6h2Zm14 0h2v6h-6v-2h4v-4Z";

/** ZoomControl chooses how large the page is shown, in steps, and shows the console on the whole screen. */
export class ZoomControl {
  readonly element: HTMLElement;
  readonly fit = button("", strings.fit);
  private readonly actual = button("", strings.actual);
  private readonly less = button("", "−");
  private readonly more = button("", "+");
  private readonly screen = button("icon", picture("glyph", 24, wholeScreen));
  private now = { scale: 1, fitting: 1 };

  /** zoom is the one to begin with; changed is called with each other, and with the place on the screen that is to stay where it is, if there is one. */
  constructor(private zoom: Zoom, private readonly changed: (zoom: Zoom, at?: Place) => void) {
    this.fit.addEventListener("click", () => this.choose("fit"));
    this.actual.addEventListener("click", () => this.choose(1));
    for (const [element, name, by] of [[this.less, strings.zoomOut, -1], [this.more, strings.zoomIn, 1]] as const) {
      element.setAttribute("aria-label", name);
      element.title = name;
      element.addEventListener("click", () => this.step(by));
    }
    const group = el("div", { class: "switch", role: "group", "aria-label": strings.zoom }, this.less, this.fit, this.actual, this.more);
    this.element = el("div", { class: "zoom" }, group, this.screen);
    this.prepareScreen();
    this.keys(group);
    this.show();
  }

  /** Zooms in (1) or out (-1) by a step. */
  step(by: 1 | -1, at?: Place): void {
    this.choose(by > 0 ? larger(this.now.scale) : smaller(this.now.scale, this.now.fitting), at);
  }

  /** The page is shown at a scale; fitting is the one at which it fits. */
  shown(scale: number, fitting: number): void {
    this.now = { scale, fitting };
    this.show();
  }

  /** Takes the keys + - 0 1 while the focus is in an element. */
  keys(element: HTMLElement): void {
    element.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === "+" || event.key === "=") this.step(1);
      else if (event.key === "-") this.step(-1);
      else if (event.key === "0") this.choose("fit");
      else if (event.key === "1") this.choose(1);
      else return;
      event.preventDefault();
    });
  }

  private choose(zoom: Zoom, at?: Place): void {
    if (zoom === this.zoom) return;
    this.zoom = zoom;
    this.changed(zoom, at);
    this.show();
  }

  private show(): void {
    const { scale, fitting } = this.now;
    this.fit.setAttribute("aria-pressed", String(this.zoom === "fit"));
    this.actual.setAttribute("aria-pressed", String(this.zoom === 1));
    // A button that is disabled would lose the focus.
    this.less.setAttribute("aria-disabled", String(smaller(scale, fitting) === this.zoom));
    this.more.setAttribute("aria-disabled", String(larger(scale) === this.zoom));
  }

  private prepareScreen(): void {
    this.screen.setAttribute("aria-label", strings.fullScreen);
    this.screen.title = strings.fullScreen;
    this.screen.hidden = !document.fullscreenEnabled;
    const show = (): void => this.screen.setAttribute("aria-pressed", String(document.fullscreenElement !== null));
    show();
    document.addEventListener("fullscreenchange", show);
    this.screen.addEventListener("click", () => {
      const done = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
      void done.catch(() => undefined); // the browser does not want to
    });
  }
}

/** A place on the screen, as pointer events have it. */
export interface Place {
  readonly clientX: number;
  readonly clientY: number;
}
