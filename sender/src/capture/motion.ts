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
      this.watched.set(element as Surface, { visible: false, due: 0, pause: shortest, hash: 0, lossy: false });
      this.seen.observe(element);
    }
    this.timer ||= window.setInterval(() => this.look(), shortest / 2);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = 0;
    this.seen.disconnect();
    this.watched.clear();
    this.players.clear();
  }

  private look(): void {
    this.play();
    const now = performance.now();
    if (now < this.rest || this.album.busy) return;
    for (const [surface, watched] of this.watched) {
      if (!surface.isConnected) this.watched.delete(surface);
      else if (watched.visible && watched.due <= now && this.album.visible(surface)) {
        watched.due = Infinity;
        // What WebGL has painted is only there until the frame is shown: observers of sizes are called after everything has been painted.
        const after = new ResizeObserver(() => {
          after.disconnect();
          this.take(surface, watched);
        });
        after.observe(surface);
        return;
      }
    }
  }

  private play(): void {
    for (const [player, before] of this.players) {
      if (!player.isConnected) this.players.delete(player);
      const time = Math.floor(player.currentTime);
      const duration = Number.isFinite(player.duration) ? Math.round(player.duration) : 0;
      const now = `${player.paused} ${time} ${duration}`;
      if (now === before || (before === "" && !player.currentSrc && !player.srcObject)) continue;
      this.players.set(player, now);
      this.album.media(player, player.paused, time, duration);
    }
  }

  private take(surface: Surface, watched: Watched): void {
    const begin = performance.now();
    try {
      this.draw(surface, watched);
    } catch {
      // The page may not read its pixels, and so we may not either.
      this.watched.delete(surface);
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
    pen.drawImage(surface, 0, 0, paper.width, paper.height);
    const [hash, blank] = digest(pen.getImageData(0, 0, paper.width, paper.height).data);
    // In a frame in which WebGL paints nothing, there is nothing to be read.
    if (hash === watched.hash || (blank && watched.hash && "getContext" in surface && !surface.getContext("2d"))) {
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
