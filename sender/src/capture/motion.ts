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
  /** What tells the picture that was sent from another. */
  hash: number;
  /** Its pictures are too large to be sent without loss. */
  lossy: boolean;
  /** Something was to be seen in it. */
  painted: boolean;
  /** What a canvas shows as the browser films it, where its own pixels are gone once they are shown. */
  film: HTMLVideoElement | undefined;
}

const shortest = 250; // ms between two pictures of one element
const longest = 2_000;
const share = 10; // of the time, one part at most goes into pictures
const largest = 1_280; // pixels of a picture's longer side
const lossless = 64 << 10; // bytes from which on pictures lose detail

/**
 * Motion takes pictures of canvases and videos: only of those that can be seen, only when they have changed, and ever more rarely while they
 * have not. No event tells that a canvas was painted, and its own pixels cannot be asked for a difference.
 */
export class Motion {
  private readonly watched = new Map<Surface, Watched>();
  private readonly players = new Map<HTMLMediaElement, string>();
  private readonly seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const watched = this.watched.get(target as Surface);
      if (watched) watched.visible = isIntersecting;
    }
  });
  private readonly paper = document.createElement("canvas");
  private timer = 0;
  private rest = 0;

  constructor(private readonly album: Album) {}

  add(element: Element): void {
    if (element.localName !== "canvas") this.players.set(element as HTMLMediaElement, "");
    if (element.localName !== "audio") {
      this.watched.set(element as Surface, { visible: false, due: 0, pause: shortest, hash: 0, lossy: false, painted: false, film: undefined });
      this.seen.observe(element);
    }
    this.timer ||= window.setInterval(() => this.look(), shortest / 2);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = 0;
    this.seen.disconnect();
    for (const watched of this.watched.values()) cut(watched);
    this.watched.clear();
    this.players.clear();
  }

  private look(): void {
    this.play();
    const now = performance.now();
    if (now < this.rest || this.album.busy) return;
    let next: [Surface, Watched] | undefined;
    for (const [surface, watched] of this.watched) {
      if (!surface.isConnected) {
        cut(watched);
        this.watched.delete(surface);
      } else if (watched.visible && watched.due <= now && watched.due < (next?.[1].due ?? Infinity) && this.album.visible(surface)) next = [surface, watched];
    }
    if (!next) return;
    const [surface, watched] = next;
    watched.due = Infinity;
    // What WebGL has painted is only there until the frame is shown: observers of sizes are called after everything has been painted.
    const after = new ResizeObserver(() => {
      after.disconnect();
      this.take(surface, watched);
    });
    after.observe(surface);
  }

  private play(): void {
    for (const [player, before] of this.players) {
      if (!player.isConnected) this.players.delete(player);
      const time = Math.floor(player.currentTime);
      const duration = Number.isFinite(player.duration) ? Math.round(player.duration) : 0;
      const muted = player.muted || !player.volume;
      const now = `${player.paused} ${muted} ${time} ${duration}`;
      if (now === before || (before === "" && !player.currentSrc && !player.srcObject)) continue;
      this.players.set(player, now);
      this.album.media(player, player.paused, muted, time, duration);
    }
  }

  private take(surface: Surface, watched: Watched): void {
    const begin = performance.now();
    try {
      this.draw(surface, watched);
    } catch {
      // The page may not read its pixels, and so we may not either.
      cut(watched);
      this.watched.delete(surface);
      if (!("poster" in surface && surface.poster)) this.album.picture(surface, "image/svg+xml", new TextEncoder().encode(unreadable(surface)));
    }
    const end = performance.now();
    this.rest = end + share * (end - begin);
    watched.due = end + watched.pause;
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
      const film = (watched.film ??= filmOf(surface));
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
      if (blob.size > lossless) watched.lossy = true;
      void blob.arrayBuffer().then((data) => this.timer && this.album.picture(surface, blob.type, new Uint8Array(data)));
    }, "image/webp", watched.lossy || "videoWidth" in surface ? 0.8 : 1);
  }
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
