import { replaceURLs } from "./css.js";
import type { Privacy } from "./privacy.js";
import { imageless, wordless } from "./redact.js";

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
  private release = (): void => undefined;
  private held = Promise.resolve();
  private readonly refused = new Set<string>();

  constructor(
    private readonly sink: AssetSink,
    private readonly privacy: Privacy,
  ) {}

  /** Begins a page. Nothing is handed over until the walk has told what may not be. */
  reset(): void {
    this.release();
    this.held = new Promise((resolve) => (this.release = resolve));
    this.refused.clear();
    this.numbers.clear();
    this.queue = [];
    this.total = 0;
    this.page++;
  }

  /** The page has been walked: assets go out. */
  walked(): void {
    this.release();
  }

  /** What style sheets have a redacted element show is not sent, for no element. */
  refuse(element: Element): void {
    for (const pseudo of ["", "::before", "::after"]) {
      const style = getComputedStyle(element, pseudo);
      const shown = ["background-image", "border-image-source", "list-style-image", "mask-image", "content"];
      for (const name of shown) replaceURLs(style.getPropertyValue(name), (url) => (this.refused.add(url), ""));
    }
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

  /** A part of an image, by its number and the part's id. */
  part(value: string, base: string): string | undefined {
    try {
      const url = new URL(value, base);
      const { hash } = url;
      url.hash = "";
      return `qwelp:${this.number(url.href)}${hash}`;
    } catch {
      return undefined;
    }
  }

  /** The number of an asset that is read by others. */
  own(): number {
    const id = this.numbers.size + 1;
    this.numbers.set(`own ${id}`, id);
    return id;
  }

  /** CSS text with every URL replaced by an asset's number. */
  rewrite(css: string, base: string): string {
    if (this.privacy.used) css = wordless(css);
    if (this.privacy.byDefault) css = imageless(css);
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
        .then(async (blob) => {
          const data = await blob.arrayBuffer();
          await this.held;
          if (page !== this.page) return;
          if (this.refused.has(next.url)) throw new Error("redacted");
          this.total += data.byteLength;
          if (this.total > maxPage) throw new Error("this page shows more than can be sent");
          this.sink.asset(next.id, blob.type, new Uint8Array(data));
        })
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
    // The page's policy may forbid us to fetch what it shows, and another origin's server that scripts read it.
    const blob = await (url.startsWith("data:") ? otherwise(url) : fetchBlob(url).catch((reason: unknown) => otherwise(url, image).catch(() => {
      throw reason;
    })));
    if (blob.size > maxAsset) throw new Error("larger than 8 MB");
    return blob;
  }
}

const fetchBlob = (url: string): Promise<Blob> => blobOf(fetch(url, { cache: "force-cache", credentials: "same-origin", mode: "cors" }));

const otherwise = (url: string, image?: HTMLImageElement): Promise<Blob> => import("./rare.js").then(({ readOtherwise }) => readOtherwise(url, image));

/** What an answer brings, if that can be an image or a font. */
export async function blobOf(answer: Promise<Response>): Promise<Blob> {
  const response = await answer;
  if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  const type = response.headers.get("Content-Type") ?? "";
  // A login page in place of the image is not what the customer sees.
  if (/^\s*(text\/|application\/(xhtml|json|javascript))/i.test(type)) throw new Error("neither an image nor a font");
  return response.blob();
}
