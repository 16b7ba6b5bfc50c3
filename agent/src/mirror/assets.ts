import { device, type Means } from "./css.js";
import { Features } from "./features.js";
import type { Contents } from "./contents.js";
import { maxAssetBytes, maxNodes } from "./limits.js";
import { MaxListItems } from "../../../signal/wire/wire.gen.js";
import { boundedSVG } from "./svgimage.js";
import { Refused } from "./tree.js";

interface Arriving {
  readonly type: string;
  /** The part of the image that is shown. */
  readonly fragment: string;
  readonly parts: Uint8Array<ArrayBuffer>[];
}

/** What assets of a session have in common from page to page. */
export interface Shared {
  readonly contents: Contents;
  /** Asks for assets whose content is not among them. */
  lack(assets: readonly number[]): void;
}

const longest = 64; // characters that a content is known by

/** A use of assets: apply is called again when one of them has arrived. */
interface Use {
  readonly assets: readonly number[];
  readonly apply: () => void;
}

/** Assets holds the images and fonts of a page as blob URLs, and has everything that shows one set again when it arrives. */
export class Assets implements Means {
  private readonly urls = new Map<number, { readonly url: string; readonly size: number }>();
  private readonly arriving = new Map<number, Arriving>();
  private readonly users = new Map<number, Set<Use>>();
  private readonly uses = new WeakMap<object, Map<string, Use>>();
  private readonly stale = new Set<Use>();
  private size = 0;
  private rest = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  private features = new Features();

  private readonly awaited = new Map<number, string>();
  private lacking: number[] = [];
  /** Those that are looked through. */
  private readonly coming = new Map<number, Promise<void>>();

  /** due is called when a flush that was put off can be made, beyond when an asset costs too much to be shown. Without shared, nothing is kept for the next page. */
  constructor(private readonly due: () => void, private readonly beyond: () => void, private readonly shared: Shared | undefined) {}

  /** The URL of an asset; undefined when it has not arrived. */
  readonly url = (asset: number): string | undefined => this.urls.get(asset)?.url;

  /** What is asked of the customer's device instead. */
  readonly answer = (match: readonly string[]): string => this.features.answer(match);

  query(text: string): string {
    return this.features.query(text);
  }

  /** Has everything that asks for features of the customer's device set again. */
  tell(features: Features): void {
    this.features = features;
    for (const use of this.users.get(device) ?? []) this.stale.add(use);
  }

  /** Bytes that have come. */
  get bytes(): number {
    return this.size;
  }

  add(asset: number, type: string, data: Uint8Array, more: boolean): void {
    const arriving = this.arriving.get(asset) ?? { type: mediaType(type), fragment: /^image\/[^#]*(#[-\w.,:;()=%&!*+/~@]*)$/i.exec(type)?.[1] ?? "", parts: [] };
    this.size += data.length;
    if (this.size > maxAssetBytes) throw new Refused("the page has too many assets");
    arriving.parts.push(data as Uint8Array<ArrayBuffer>);
    if (more) {
      this.arriving.set(asset, arriving);
      return;
    }
    this.arriving.delete(asset);
    const blob = new Blob(arriving.parts, { type: arriving.type });
    this.put(asset, blob, arriving.fragment);
    const content = this.awaited.get(asset);
    if (content) this.shared?.contents.keep(content, blob);
    this.awaited.delete(asset);
  }

  /** An asset is known by its content: it has come before in this session, or it follows. */
  content(asset: number, content: string, follows: boolean): void {
    if (content === "" || content.length > longest) throw new Refused("a content is known by 1 to 64 characters");
    const blob = this.shared?.contents.get(content);
    if (blob) {
      this.size += blob.size;
      if (this.size > maxAssetBytes) throw new Refused("the page has too many assets");
      this.put(asset, blob);
      return;
    }
    this.awaited.set(asset, content);
    if (this.awaited.size > maxNodes) throw new Refused("the page has too many assets");
    if (!follows && this.lacking.push(asset) === 1) queueMicrotask(() => this.shared?.lack(this.lacking.splice(0, MaxListItems)));
  }

  private put(asset: number, blob: Blob, fragment = ""): void {
    this.coming.delete(asset);
    if (blob.type !== "image/svg+xml") return this.keep(asset, blob, fragment);
    const coming = boundedSVG(blob).then((bounded) => {
      if (this.coming.get(asset) !== coming) return;
      this.coming.delete(asset);
      if (bounded) this.keep(asset, bounded, fragment);
      else this.beyond();
      this.due();
    });
    this.coming.set(asset, coming);
  }

  private keep(asset: number, blob: Blob, fragment: string): void {
    const old = this.urls.get(asset);
    this.size -= old?.size ?? 0;
    if (old) revoke(old.url);
    this.urls.set(asset, { url: URL.createObjectURL(blob) + fragment, size: blob.size });
    for (const use of this.users.get(asset) ?? []) this.stale.add(use);
  }

  /** An asset will not come, or nothing shows it any more. */
  failed(asset: number): void {
    for (const { length } of this.arriving.get(asset)?.parts ?? []) this.size -= length;
    this.arriving.delete(asset);
    this.coming.delete(asset);
    const old = this.urls.get(asset);
    if (!old) return;
    this.size -= old.size;
    revoke(old.url);
    this.urls.delete(asset);
  }

  /** Notes which assets the named property of an owner shows, in place of those it showed before. */
  use(owner: object, name: string, assets: readonly number[], apply: () => void): void {
    const known = this.uses.get(owner);
    const old = known?.get(name);
    if (old) this.drop(old);
    if (assets.length === 0) {
      known?.delete(name);
      return;
    }
    const use = { assets, apply };
    if (known) known.set(name, use);
    else this.uses.set(owner, new Map([[name, use]]));
    for (const asset of assets) {
      const users = this.users.get(asset);
      if (users) users.add(use);
      else this.users.set(asset, new Set([use]));
    }
  }

  /** Sets again what the named property of an owner shows. */
  again(owner: object, name: string): void {
    this.uses.get(owner)?.get(name)?.apply();
  }

  /** Forgets all that an owner shows. */
  forget(owner: object): void {
    const known = this.uses.get(owner);
    if (!known) return;
    for (const use of known.values()) this.drop(use);
    this.uses.delete(owner);
  }

  /**
   * Sets again what shows assets that have arrived since the last flush. Tells whether there was any. Assets come one by one, and a
   * large style sheet may show many: after a flush that took long, the next is put off for a while.
   */
  flush(): boolean {
    if (this.stale.size === 0) return false;
    const begin = performance.now();
    if (begin < this.rest) {
      this.timer ??= setTimeout(() => {
        this.timer = undefined;
        this.due();
      }, this.rest - begin);
      return false;
    }
    const stale = [...this.stale];
    this.stale.clear();
    for (const use of stale) use.apply();
    const end = performance.now();
    this.rest = end + 4 * (end - begin);
    return true;
  }

  /** Gives back the memory. Nothing may show the assets any more. */
  dispose(): void {
    clearTimeout(this.timer);
    this.coming.clear();
    for (const { url } of this.urls.values()) revoke(url);
    this.urls.clear();
    this.arriving.clear();
    this.users.clear();
    this.stale.clear();
  }

  private drop(use: Use): void {
    for (const asset of use.assets) this.users.get(asset)?.delete(use);
    this.stale.delete(use);
  }
}

function revoke(url: string): void {
  URL.revokeObjectURL(url.replace(/#.*$/s, ""));
}

/** Only images and fonts keep their type: nothing a browser would open as a page. */
function mediaType(type: string): string {
  const plain = type.split(/[;#]/)[0]!.trim().toLowerCase();
  return /^(image|font)\/[\w.+-]+$|^application\/(x-)?font[\w.+-]*$/.test(plain) ? plain : "application/octet-stream";
}
