import { replaceURLs } from "./css.js";
import type { Privacy } from "./privacy.js";
import { imageless, wordless } from "./redact.js";

/** An asset to be read. */
interface Wanted {
  readonly id: number;
  readonly url: string;
  readonly image: HTMLImageElement | undefined;
}

const maxAsset = 8 << 20;
const maxPage = 64 << 20;
const atOnce = 4;
const worthwhile = 1 << 10; // bytes of an asset that is known by its content
const maxContents = 300;

/** Where the bytes of an asset go. */
export interface AssetSink {
  /** The promise is fulfilled when all of it is on its way. */
  asset(id: number, type: string, data: Uint8Array): Promise<void>;
  content(id: number, content: string, follows: boolean): void;
  assetFailed(id: number, reason: string): void;
}

/**
 * Assets numbers the images and fonts a page shows, reads each once as the customer's browser has it (its cache, its cookies), and
 * hands over the bytes, so that the agent's browser never asks the customer's site for anything.
 */
export class Assets {
  private numbers = new Map<string, number>();
  private wanted = new Map<number, Wanted>();
  private queue: Wanted[] = [];
  /** What the customer sees comes first. */
  private readonly seen = new IntersectionObserver((entries) => {
    const inSight = new Set(entries.flatMap(({ isIntersecting, target }) => (isIntersecting ? target : [])));
    const first = (one: Wanted): boolean => !!one.image && inSight.has(one.image);
    this.queue = [...this.queue.filter(first), ...this.queue.filter((one) => !first(one))];
  });
  private readonly anew = new WeakSet<Wanted>();
  private running = 0;
  private total = 0;
  private page = 0;
  private release = (): void => undefined;
  private held = Promise.resolve();
  private readonly refused = new Set<string>();

  constructor(
    private readonly sink: AssetSink,
    private readonly privacy: Privacy,
    private readonly contents: Set<string> | undefined,
  ) {}

  /** Begins a page. Nothing is handed over until the walk has told what may not be. */
  reset(): void {
    this.release();
    this.held = new Promise((resolve) => (this.release = resolve));
    this.refused.clear();
    this.numbers.clear();
    this.wanted.clear();
    this.seen.disconnect();
    this.queue = [];
    this.running = 0;
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
    const wanted = { id, url, image };
    this.numbers.set(url, id);
    this.wanted.set(id, wanted);
    this.queue.push(wanted);
    if (image) this.seen.observe(image);
    this.work();
    return id;
  }

  /** An agent does not have what was told by its content only. */
  lacking(ids: readonly number[]): void {
    for (const id of ids) {
      const wanted = this.wanted.get(id);
      if (!wanted || this.queue.includes(wanted)) continue;
      this.anew.add(wanted);
      this.queue.push(wanted);
    }
    this.work();
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
      if (next.image) this.seen.unobserve(next.image);
      void this.hand(next, page)
        .catch((error: unknown) => {
          if (page === this.page) this.sink.assetFailed(next.id, error instanceof Error ? error.message : "not readable");
        })
        .finally(() => {
          if (page !== this.page) return;
          this.running--;
          this.work();
        });
    }
  }

  /** Reads an asset and hands it over, or only what it is known by when it came before in this session. */
  private async hand(wanted: Wanted, page: number): Promise<void> {
    const { id, url, image } = wanted;
    const blob = await this.read(url, image);
    const data = new Uint8Array(await blob.arrayBuffer());
    const content = this.contents && data.length >= worthwhile ? await known(data) : "";
    await this.held;
    if (page !== this.page) return;
    if (this.refused.has(url)) throw new Error("redacted");
    const follows = this.anew.delete(wanted) || !this.contents?.has(content);
    if (follows) this.total += data.length;
    if (this.total > maxPage) throw new Error("this page shows more than can be sent");
    if (content) this.sink.content(id, content, follows);
    if (!follows) return;
    await this.sink.asset(id, blob.type, data);
    if (content && page === this.page) this.remember(content);
  }

  private remember(content: string): void {
    for (const oldest of this.contents!) if (this.contents!.size >= maxContents) this.contents!.delete(oldest);
    this.contents!.add(content);
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

/** What bytes are known by; "" where the browser has no digests, which only pages over HTTPS and of this machine may make. */
async function known(data: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle?.digest("SHA-256", data);
  return digest ? Array.from(new Uint8Array(digest, 0, 12), (byte) => byte.toString(16).padStart(2, "0")).join("") : "";
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
