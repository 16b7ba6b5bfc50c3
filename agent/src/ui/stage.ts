import type { Status } from "../session.js";
import { strings } from "../strings.js";
import { duration } from "./duration.js";
import { button, el } from "./el.js";
import { onZoomGestures } from "./gestures.js";
import { fitting, isPhone } from "./scale.js";
import type { Place, Zoom } from "./zoom.js";

/** Stage shows the customer's page at its size, as on a device, and says when it is not what the customer sees now. */
export class Stage {
  readonly element: HTMLElement;
  /** Holds the frame; as large as the customer's window, whatever it is scaled to. */
  readonly host = el("div", { class: "host" });
  /** Takes what the agent does with the pointer, so that nothing of it reaches the page. */
  readonly shield = el("div", { class: "shield" });
  private readonly device = el("div", { class: "device" });
  private readonly scroller = el("div", { class: "scroller" }, this.device);
  private readonly notice = el("p", { class: "notice" });
  private readonly veil = el("div", { class: "veil" });
  private readonly veilText = el("span");
  private readonly stuck = el("div", { class: "stuck", role: "alert" });
  private size = { width: -1, height: -1 };
  private scale = 1;
  private partly = false;
  private last: Status | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * overlay is laid over the page; scaled is called with the scale, and with the one at which the page fits; step when the agent wants to see it more (1) or less (-1) closely; reload when the
   * agent wants a picture anew that is frozen.
   */
  constructor(
    overlay: HTMLElement,
    private chosen: Zoom,
    private readonly scaled: (scale: number, fitting: number) => void,
    step: (by: 1 | -1, at: Place) => void,
    reload: () => void,
  ) {
    const again = button("", strings.reload);
    again.addEventListener("click", reload);
    this.stuck.append(el("span", {}, strings.frozen), again);
    this.stuck.hidden = true;
    this.device.append(this.host, this.shield, overlay);
    this.veil.append(el("span", { class: "spinner" }), this.veilText);
    this.element = el("main", { class: "stage" }, this.scroller, this.veil, this.notice, this.stuck);
    onZoomGestures(this.element, step);
    new ResizeObserver(() => this.layOut()).observe(this.element);
    this.resize(0, 0);
  }

  resize(width: number, height: number): void {
    if (width === this.size.width && height === this.size.height) return;
    this.size = { width, height };
    this.device.hidden = width === 0;
    this.element.classList.toggle("phone", isPhone(width, height));
    this.host.style.width = `${width}px`;
    this.host.style.height = `${height}px`;
    this.layOut();
  }

  /** Shows the page larger or smaller. What is at a place on the screen, or in the middle, stays there as far as it can be scrolled. */
  zoom(zoom: Zoom, at?: Place): void {
    const before = this.device.getBoundingClientRect();
    const room = this.scroller.getBoundingClientRect();
    const { clientX: x, clientY: y } = at ?? { clientX: room.left + room.width / 2, clientY: room.top + room.height / 2 };
    const old = this.scale;
    this.chosen = zoom;
    this.layOut();
    const after = this.device.getBoundingClientRect();
    const grown = this.scale / old;
    this.scroller.scrollLeft += (x - before.left) * grown - (x - after.left);
    this.scroller.scrollTop += (y - before.top) * grown - (y - after.top);
  }

  /** The session is about to end, or is not any more: meanwhile the agent sees nothing. */
  ending(yes: boolean): void {
    this.element.classList.toggle("ending", yes);
  }

  /** The picture does not move any more, or does again. */
  frozen(yes: boolean): void {
    this.stuck.hidden = !yes;
  }

  /** Parts of the page are left out, or are not. */
  partial(yes: boolean): void {
    if (yes === this.partly) return;
    this.partly = yes;
    if (this.last) this.status(this.last);
  }

  status(status: Status): void {
    this.last = status;
    const { state, server, background } = status;
    const shown = !this.device.hidden;
    clearTimeout(this.timer);
    this.veil.hidden = state === "live";
    this.veil.classList.toggle("empty", !shown);
    this.veilText.textContent = shown || state === "connecting" ? texts[state] : state === "paused" ? strings.sharingPaused : strings.waiting;
    if (state === "gone") this.countDown(status.ends);
    this.notice.textContent = background ? strings.background : !server ? strings.serverGone : this.partly ? strings.partial : "";
    this.notice.hidden = this.notice.textContent === "" || (!server && state !== "live");
  }

  private countDown(ends: number): void {
    const left = ends - Date.now();
    this.veilText.textContent = ends > 0 ? strings.gone(duration(Math.max(0, left))) : strings.longGone;
    if (left > 0) this.timer = setTimeout(() => this.countDown(ends), left % 1000 || 1000);
  }

  private layOut(): void {
    if (!this.element.isConnected) return;
    const { width, height } = this.size;
    const room = getComputedStyle(this.element);
    const fits = fitting(
      width, height,
      this.element.clientWidth - parseFloat(room.paddingLeft) - parseFloat(room.paddingRight),
      this.element.clientHeight - parseFloat(room.paddingTop) - parseFloat(room.paddingBottom),
    );
    const scale = this.chosen === "fit" ? fits : this.chosen;
    this.element.classList.toggle("zoomed", this.chosen !== "fit");
    this.scale = scale;
    this.device.style.width = `${width * scale}px`;
    this.device.style.height = `${height * scale}px`;
    this.host.style.transform = scale === 1 ? "" : `scale(${scale})`;
    this.scaled(scale, fits);
  }
}

const texts: Readonly<Record<Status["state"], string>> = {
  live: "",
  connecting: strings.asking,
  paused: strings.pausedByCustomer,
  loading: strings.loading,
  reconnecting: strings.reconnecting,
  gone: strings.longGone,
};
