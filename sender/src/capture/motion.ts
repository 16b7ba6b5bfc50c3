import type { Pictures } from "./pictures.js";

type Surface = HTMLCanvasElement | HTMLVideoElement;

/** Where pictures go; see Pictures. */
export type Album = Pick<Pictures, "visible" | "busy" | "picture" | "media">;

interface Watched {
  visible: boolean;
  /** When it may be looked at again, in ms of performance.now. */
  due: number;
  /** ms between two looks: grows while nothing changes. */
  pause: number;
  /** Differs for pictures that differ: of the one that was sent. */
  hash: number;
  /** Its pictures lose detail, since they would be too large. */
  lossy: boolean;
  /** They have been too large. */
  large: boolean;
  /** Something was to be seen in it. */
  painted: boolean;
  /** What a canvas shows as the browser films it, where its own pixels are gone once they are shown. */
  film: HTMLVideoElement | undefined;
}

const shortest = 250; // ms between two pictures of one element
const longest = 2_000;
const busy = 100; // ms until a line that is not free is looked at again
const share = 10; // of the time, one part at most goes into pictures of what changes
const calmShare = 250; // and of what has not changed for a while
const hurriedShare = 2; // and of all, when the customer has just done something
const hurried = 1_000; // ms
const largest = 1_280; // pixels of a picture's longer side
const lossless = 64 << 10; // bytes from which on pictures lose detail
const wide = 500_000; // pixels from which on they do until they turn out to be small: to lose nothing takes ten times as long
const playing = ["play", "pause", "volumechange", "timeupdate", "durationchange", "seeked", "loadedmetadata", "emptied"];

/**
 * Motion takes pictures of canvases and videos: only of those that can be seen, only when they have changed, and ever more rarely while they
 * have not. No event is sent when a canvas is painted, and its own pixels cannot be asked for a difference; but it is likely once the customer has done something.
 */
export class Motion {
  private readonly watched = new Map<Surface, Watched>();
  private readonly players = new Map<HTMLMediaElement, string>();
  private readonly seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const watched = this.watched.get(target as Surface);
      if (watched) watched.visible = isIntersecting;
    }
    this.plan();
  });
  private readonly paper = document.createElement("canvas");
  private listening = new AbortController();
  private timer = 0;
  private taking: Watched | undefined;
  /** When what changes may be looked at again, and what does not. */
  private readonly rest = { changing: 0, calm: 0 };
  private hurry = 0; // until then, all that is painted is wanted soon
  private near: Element | undefined; // what the customer has done something with

  constructor(private readonly album: Album) {}

  add(element: Element): void {
    if (element.localName !== "canvas") this.listen(element as HTMLMediaElement);
    if (element.localName === "audio") return;
    const { width, height } = element as HTMLCanvasElement;
    this.watched.set(element as Surface, {
      visible: false, due: 0, pause: shortest, hash: 0, lossy: width * height > wide, large: false, painted: false, film: undefined,
    });
    this.seen.observe(element);
  }

  /** The customer has done something with an element: what is painted there is looked at first, and everything else soon. */
  hasten(element: Element): void {
    const now = performance.now();
    this.near = element;
    this.hurry = now + hurried;
    this.rest.changing = this.rest.calm = 0;
    for (const watched of this.watched.values()) {
      watched.pause = shortest;
      watched.due = Math.min(watched.due, now);
    }
    this.plan();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.listening.abort();
    this.listening = new AbortController();
    this.seen.disconnect();
    for (const watched of this.watched.values()) cut(watched);
    this.watched.clear();
    this.players.clear();
    this.taking = undefined;
  }

  /** Plans the next look, if there is anything to be seen. */
  private plan(): void {
    clearTimeout(this.timer);
    if (this.taking) return;
    let next = Infinity;
    for (const [surface, watched] of this.watched) {
      if (!surface.isConnected) this.forget(surface);
      else if (watched.visible) next = Math.min(next, this.ready(watched));
    }
    if (next < Infinity) this.timer = window.setTimeout(() => this.look(), Math.max(0, next - performance.now()));
  }

  /** When something may be looked at. */
  private ready({ due, pause }: Watched): number {
    return Math.max(due, pause < longest ? this.rest.changing : this.rest.calm);
  }

  private look(): void {
    if (this.album.busy) {
      this.timer = window.setTimeout(() => this.look(), busy);
      return;
    }
    const now = performance.now();
    let best: [Surface, Watched] | undefined;
    let least = Infinity;
    for (const [surface, watched] of this.watched) {
      if (!watched.visible || this.ready(watched) > now) continue;
      if (!this.album.visible(surface)) {
        watched.due = now + longest;
        continue;
      }
      const rank = watched.due - (now < this.hurry ? longest * nearness(surface, this.near) : 0);
      if (rank < least) [best, least] = [[surface, watched], rank];
    }
    if (!best) return this.plan();
    const [surface, watched] = best;
    this.taking = watched;
    // What WebGL has painted is only there until the frame is shown: observers of sizes are called after everything has been painted.
    const after = new ResizeObserver(() => {
      after.disconnect();
      if (this.taking !== watched) return;
      this.taking = undefined;
      this.take(surface, watched);
      this.plan();
    });
    after.observe(surface);
  }

  private listen(player: HTMLMediaElement): void {
    this.players.set(player, "");
    const heard = (): void => this.play(player);
    for (const type of playing) player.addEventListener(type, heard, { signal: this.listening.signal });
    heard();
  }

  private play(player: HTMLMediaElement): void {
    const time = Math.floor(player.currentTime);
    const duration = Number.isFinite(player.duration) ? Math.round(player.duration) : 0;
    const muted = player.muted || !player.volume;
    const now = `${player.paused} ${muted} ${time} ${duration}`;
    const before = this.players.get(player);
    if (now === before || (before === "" && !player.currentSrc && !player.srcObject)) return;
    this.players.set(player, now);
    this.album.media(player, player.paused, muted, time, duration);
  }

  private forget(surface: Surface): void {
    const watched = this.watched.get(surface);
    if (!watched) return;
    cut(watched);
    if (this.taking === watched) this.taking = undefined;
    this.watched.delete(surface);
    this.seen.unobserve(surface);
  }

  private take(surface: Surface, watched: Watched): void {
    const begin = performance.now();
    const calm = watched.pause >= longest;
    try {
      this.draw(surface, watched);
    } catch {
      // The page may not read its pixels, and so we may not either.
      this.forget(surface);
      if (!("poster" in surface && surface.poster)) this.album.picture(surface, "image/svg+xml", new TextEncoder().encode(unreadable(surface)));
    }
    const end = performance.now();
    const took = end - begin;
    if (end < this.hurry) this.rest.changing = this.rest.calm = end + hurriedShare * took;
    else if (calm) this.rest.calm = end + calmShare * took;
    else this.rest.changing = end + share * took;
    watched.due = end + watched.pause;
  }

  /** Films a canvas, and looks at it soon when it has been painted again. */
  private film(canvas: HTMLCanvasElement, watched: Watched): HTMLVideoElement {
    const film = filmOf(canvas);
    const wait = (): void => void film.requestVideoFrameCallback?.(() => {
      if (watched.film !== film) return;
      watched.pause = shortest;
      watched.due = performance.now();
      this.plan();
      wait();
    });
    wait();
    return film;
  }

  private draw(surface: Surface, watched: Watched): void {
    const [width, height] = "videoWidth" in surface ? [surface.videoWidth, surface.videoHeight] : [surface.width, surface.height];
    if (!width || !height || ("readyState" in surface && surface.readyState < 2)) return;
    const scale = Math.min(1, largest / Math.max(width, height));
    const { paper } = this;
    paper.width = Math.max(1, Math.round(width * scale));
    paper.height = Math.max(1, Math.round(height * scale));
    const pen = paper.getContext("2d", { willReadFrequently: true })!;
    const look = (source: CanvasImageSource): [number, boolean] => {
      pen.drawImage(source, 0, 0, paper.width, paper.height);
      return digest(pen.getImageData(0, 0, paper.width, paper.height).data);
    };
    let [hash, blank] = look(surface);
    if (!blank) {
      watched.painted = true;
      cut(watched);
    } else if ("getContext" in surface) {
      // Nothing, or painted by WebGL in another frame than this.
      const film = (watched.film ??= this.film(surface, watched));
      if (film.readyState >= 2) [hash, blank] = look(film);
    }
    // Only what has been painted may be asked for how: an empty canvas would be given a way.
    if (hash === watched.hash || (blank && watched.painted && "getContext" in surface && !surface.getContext("2d"))) {
      watched.pause = Math.min(longest, 1.5 * watched.pause);
      return;
    }
    watched.pause = shortest;
    watched.hash = hash;
    paper.toBlob((blob) => {
      if (!blob) return;
      if (blob.size > lossless) watched.large = true;
      watched.lossy = watched.large || (watched.lossy && blob.size > lossless / 8);
      void blob.arrayBuffer().then((data) => this.watched.get(surface) === watched && this.album.picture(surface, blob.type, new Uint8Array(data)));
    }, "image/webp", watched.lossy || "videoWidth" in surface ? 0.8 : 1);
  }
}

/** How near something painted is to an element: it is that, it lies there, or elsewhere. */
function nearness(surface: Element, element: Element | undefined): number {
  if (!element || surface === element) return element ? 2 : 0;
  const [a, b] = [surface.getBoundingClientRect(), element.getBoundingClientRect()];
  return Number(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom);
}

function filmOf(canvas: HTMLCanvasElement): HTMLVideoElement {
  const film = document.createElement("video");
  film.muted = true;
  film.srcObject = canvas.captureStream(1_000 / shortest);
  film.play().catch(() => undefined);
  return film;
}

/** Ends the film of a surface. */
function cut(watched: Watched): void {
  for (const track of (watched.film?.srcObject as MediaStream | undefined)?.getTracks() ?? []) track.stop();
  watched.film = undefined;
}

/** A picture that says why there is none. */
function unreadable({ width, height, localName }: Surface): string {
  const text = (y: number, line: string): string => `<text x="50%" y="${y}%">${line}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#8884"/>` +
    `<g font-size="12" font-family="sans-serif" text-anchor="middle" fill="#555">${text(48, "From another site:")}${text(62, `this ${localName} cannot be shown`)}</g></svg>`;
}

/** A number that tells pixels from others (FNV-1a), and whether all are transparent. */
function digest(pixels: Uint8ClampedArray): [number, boolean] {
  let hash = 0x811c9dc5;
  let blank = true;
  for (const pixel of new Uint32Array(pixels.buffer)) {
    if (pixel) blank = false;
    hash = Math.imul(hash ^ pixel, 0x01000193);
  }
  return [hash || 1, blank];
}
