import { replaceURLs } from "./css.js";

const maxAsset = 8 << 20;
const maxPage = 64 << 20;
const atOnce = 4;

/** Where the bytes of an asset go. */
export interface AssetSink {
  asset(id: number, type: string, data: Uint8Array): void;
  assetFailed(id: number, reason: string): void;
}

/**
 * Assets numbers the images and fonts a page shows, reads each once as the customer's browser has it (its cache, its cookies), and
 * hands over the bytes, so that the agent's browser never asks the customer's site for anything.
 */
export class Assets {
  private numbers = new Map<string, number>();
  private queue: { id: number; url: string; image: HTMLImageElement | undefined }[] = [];
  private running = 0;
  private total = 0;
  private page = 0;

  constructor(private readonly sink: AssetSink) {}

  reset(): void {
    this.numbers.clear();
    this.queue = [];
    this.total = 0;
    this.page++;
  }

  /** The number of the asset under an absolute URL; it is fetched when it is new. */
  number(url: string, image?: HTMLImageElement): number {
    const known = this.numbers.get(url);
    if (known !== undefined) return known;
    const id = this.numbers.size + 1;
    this.numbers.set(url, id);
    this.queue.push({ id, url, image });
    this.work();
    return id;
  }

  /** CSS text with every URL replaced by an asset's number. */
  rewrite(css: string, base: string): string {
    return replaceURLs(css, (url) => {
      try {
        return `qwelp:${this.number(new URL(url, base).href)}`;
      } catch {
        return "qwelp:0";
      }
    });
  }

  /** The asset an element shows. 0: none; undefined: the element is not one that shows images. */
  shown(element: Element): number | undefined {
    let url: string | undefined;
    let image: HTMLImageElement | undefined;
    // By name, not by class: a frame's elements are of another realm's classes.
    switch (element.localName) {
      case "img":
        image = element as HTMLImageElement;
        url = image.currentSrc || image.src;
        break;
      case "video":
        url = (element as HTMLVideoElement).poster;
        break;
      case "input":
        if ((element as HTMLInputElement).type !== "image") return undefined;
        url = (element as HTMLInputElement).src;
        break;
      case "image":
        url = (element as SVGImageElement).href?.baseVal;
        break;
      default:
        return undefined;
    }
    try {
      return url ? this.number(new URL(url, element.baseURI).href, image) : 0;
    } catch {
      return 0;
    }
  }

  private work(): void {
    while (this.running < atOnce) {
      const next = this.queue.shift();
      if (!next) return;
      const page = this.page;
      this.running++;
      void this.read(next.url, next.image)
        .then((blob) => blob.arrayBuffer().then((data) => {
          if (page !== this.page) return;
          this.total += data.byteLength;
          if (this.total > maxPage) throw new Error("this page shows more than can be sent");
          this.sink.asset(next.id, blob.type, new Uint8Array(data));
        }))
        .catch((error: unknown) => {
          if (page === this.page) this.sink.assetFailed(next.id, error instanceof Error ? error.message : "not readable");
        })
        .finally(() => {
          this.running--;
          this.work();
        });
    }
  }

  private async read(url: string, image: HTMLImageElement | undefined): Promise<Blob> {
    let blob: Blob;
    try {
      blob = url.startsWith("data:") ? dataBlob(url) : await fetchBlob(url);
    } catch (error) {
      // The page's policy may forbid us to fetch what it shows.
      if (!image) throw error;
      blob = await drawn(image);
    }
    if (blob.size > maxAsset) throw new Error("larger than 8 MB");
    return blob;
  }
}

async function fetchBlob(url: string): Promise<Blob> {
  const response = await fetch(url, { cache: "force-cache", credentials: "same-origin", mode: "cors" });
  if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  const type = response.headers.get("Content-Type") ?? "";
  // A login page in place of the image is not what the customer sees.
  if (/^\s*(text\/|application\/(xhtml|json|javascript))/i.test(type)) throw new Error("neither an image nor a font");
  return response.blob();
}

/** Reads a data: URL (RFC 2397) without fetch, which the page's connect-src may forbid. */
function dataBlob(url: string): Blob {
  const comma = url.indexOf(",");
  const head = url.slice("data:".length, comma);
  const body = decodeURIComponent(url.slice(comma + 1));
  const base64 = /;\s*base64\s*$/i.test(head);
  const type = head.replace(/;\s*base64\s*$/i, "");
  return new Blob([base64 ? Uint8Array.from(atob(body), (c) => c.charCodeAt(0)) : body], { type });
}

async function drawn(image: HTMLImageElement): Promise<Blob> {
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext("2d")!.drawImage(image, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  if (!blob) throw new Error("not readable");
  return blob;
}
