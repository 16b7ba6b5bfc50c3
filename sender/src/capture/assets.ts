import { digestOf, fragmentOf, isAbsolute, isRemote, isTooLong } from "./assetaddress.js";
import type { AssetSink } from "./assetsink.js";
import { absolute } from "./carriers.js";
import { namesFiles, replaceURLs } from "./css.js";
import { answered, note, read } from "./fetching.js";
import type { Asset, Registry, Witness } from "./look.js";
import type { Part } from "./part.js";
import type { Privacy } from "./privacy.js";
import { wordless } from "./redact.js";
import type { Shown } from "./shown.js";
import { ShownNotes } from "./shownnotes.js";
import { fileOf } from "./sight.js";
import { Slices } from "./slices.js";
import type { Tree } from "./tree.js";

const maxPage = 64 << 20;
const ample = 16 << 20; // bytes, beyond which what nothing shows any more is given up
const many = 500; // assets, likewise
const maxAgain = 64 << 20; // bytes that agents ask for again, while the page is there
const connections = 2; // of the six to a server that browsers open
const atOnce = 4; // that need no connection
const patience = 1_000; // ms that the page has to get an answer before we ask as well
const worthwhile = 1 << 10; // bytes of an asset that is known by its content
const maxContents = 300;
const maxKnown = 5_000; // URLs

/** An asset that something shows. */
interface Wanted {
  readonly asset: Asset;
  witness: Witness;
  readonly since: number;
  /** Asked for by an agent that does not have it. */
  readonly again: boolean;
}

/**
 * Assets numbers the images and fonts that a page names. Those that an open element shows where it can be seen are read once, as the customer's
 * browser has them (its cache, its cookies), and handed over if that is still so, so that the agent's browser never asks the customer's site for anything.
 */
export class Assets implements Registry, Part {
  private numbers = new Map<string, Asset>();
  private readonly relatives = new Map<string, Asset[]>(); // of custom properties, by what they say
  readonly undecided = new Set<Asset>();
  private last = 0;
  /** What may show them. */
  readonly shown = new ShownNotes();
  private finder: Shown | undefined;
  private loading: Promise<void> | undefined;
  private readonly slices = new Slices(() => this.finder!.pass());
  private queue: Wanted[] = [];
  /** What the customer sees comes first. */
  private readonly inSight = new WeakSet<Element>();
  private readonly seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) this.inSight.add(target);
    this.work();
  });
  private readonly noting = new Map<Window, () => void>();
  private running = 0;
  private local = 0; // that need no connection
  private early = 0; // of those that are running, of what the page has no answer for yet
  private total = 0; // bytes that the mirror has
  private swept = ample; // as much and as many as there may be until the next sweep
  private sweptMany = many;
  private shows = new WeakMap<Node, Map<unknown, readonly Asset[]>>(); // assets of elements of the mirror, by where they are named
  private page = 0;
  private ready = false;
  private timer = 0;
  /** What was read on this page, in this document, by URL. */
  private readonly known = new Map<string, string>();
  private sentByContent = new Map<number, Wanted>();
  private askedFor = new WeakMap<object, Set<string>>();
  private sentAgain = 0;

  /** settle sends what waits to be sent, and returns whether all has been. */
  constructor(
    private readonly sink: AssetSink,
    private readonly tree: Tree,
    private readonly privacy: Privacy,
    private readonly contents: Set<string> | undefined,
    private readonly settle: () => boolean,
  ) {}

  /** Begins a page. Nothing is read until it has been walked. */
  reset(): void {
    this.stop();
    this.numbers.clear();
    this.relatives.clear();
    this.undecided.clear();
    this.shown.reset();
    this.last = 0;
    this.queue = [];
    this.sentByContent.clear();
    this.running = this.local = this.early = 0;
    this.total = 0;
    this.swept = ample;
    this.sweptMany = many;
    this.shows = new WeakMap();
    this.page++;
    // Without it, there are no images and fonts.
    this.loading ??= import("./shown.js").then(({ Shown }) => {
      this.finder = new Shown(this.shown, this.tree, this.privacy, this);
      this.look();
    }, () => (this.loading = undefined));
  }

  stop(): void {
    this.ready = false;
    this.slices.stop();
    this.seen.disconnect();
    clearTimeout(this.timer);
    this.timer = 0;
    for (const stop of this.noting.values()) stop();
    this.noting.clear();
  }

  /** The page has been walked: assets go out. */
  walked(): void {
    this.ready = true;
    this.changed();
    this.look();
  }

  rooted(root: Document | ShadowRoot): void {
    this.shown.roots.add(root);
    const view = (root as Document).defaultView;
    if (view && !this.noting.has(view)) this.noting.set(view, note(view as Window & typeof globalThis, () => this.work()));
  }

  /** Something has changed that may have something else be shown. */
  changed(): void {
    if (this.undecided.size > 0) this.slices.changed();
  }

  /** Looks for what is shown, if anything has changed. */
  look(): void {
    if (this.ready && this.finder && this.undecided.size > 0) this.slices.run();
  }

  // Registry

  readonly answered = answered;

  find(url: string): readonly Asset[] {
    const one = this.numbers.get(url);
    return one ? [one] : (this.relatives.get(url) ?? []);
  }

  found(asset: Asset, witness: Witness): void {
    if (!asset.undecided) return;
    this.decide(asset);
    if (this.refused(asset, witness.element)) return;
    this.want({ asset, witness, since: performance.now(), again: false });
  }

  /** Whether the page could not read an asset: the customer does not see it either. */
  private refused(asset: Asset, element: Element | undefined): boolean {
    const refused = element?.localName !== "img" && answered(asset.url, element?.ownerDocument.defaultView ?? window) === false;
    if (refused) this.fail(asset, "the page could not read it");
    return refused;
  }

  private fail(asset: Asset, reason: string): void {
    this.finish(asset);
    this.sink.assetFailed(asset.id, reason);
  }

  /** There is nothing more to find out about an asset. */
  private finish(asset: Asset): void {
    asset.done = true;
    asset.elements.clear();
    asset.animated.clear();
  }

  private decide(asset: Asset): void {
    asset.undecided = false;
    this.undecided.delete(asset);
  }

  /** Whether something shows an asset has to be found out anew. */
  private undecide(asset: Asset): void {
    asset.undecided = true;
    this.undecided.add(asset);
    this.slices.changed();
    if (this.numbers.size > this.sweptMany) this.sweep();
  }

  private want(wanted: Wanted): void {
    this.queue.push(wanted);
    const { element } = wanted.witness;
    if (element) this.seen.observe(element);
    // Before anything is read, it is known what is in sight, if the page is.
    this.timer ||= window.setTimeout(() => this.work(), 60);
  }

  /** An agent does not have what was sent by its content only. Each may ask once for each asset. */
  lacking(ids: readonly number[], by: object): void {
    let asked = this.askedFor.get(by);
    if (!asked) this.askedFor.set(by, (asked = new Set()));
    for (const id of ids) {
      const wanted = this.sentByContent.get(id);
      if (!wanted || asked.has(wanted.asset.url) || this.sentAgain > maxAgain) continue;
      asked.add(wanted.asset.url);
      this.sentByContent.delete(id);
      this.want({ ...wanted, since: performance.now(), again: true });
    }
  }

  /** A part of an image that an element shows, by its number and the part's id. */
  part(value: string, element: Element): string | undefined {
    const url = absolute(value, element.baseURI);
    if (!url) return undefined;
    const { hash } = new URL(url);
    return `qwelp:${this.shownBy(element, url.slice(0, url.length - hash.length))}${hash}`;
  }

  /** The number of an asset that is read by others. */
  own(): number {
    return ++this.last;
  }

  /** The asset an element shows. 0: none; undefined: the element is not one that shows images. */
  ofElement(element: Element): number | undefined {
    const url = fileOf(element);
    return url ? this.shownBy(element, url) : url === "" ? 0 : undefined;
  }

  private shownBy(element: Element, url: string): number {
    if (isTooLong(url)) return 0;
    const asset = this.asset(url);
    if (!asset.done) asset.elements.add(element);
    this.showing(element, "image", [asset]);
    this.changed();
    return asset.id;
  }

  private showing(element: Element, where: "image" | "style", assets: readonly Asset[]): void {
    const known = this.shows.get(element);
    if (known) known.set(where, assets);
    else if (assets.length > 0) this.shows.set(element, new Map([[where, assets]]));
  }

  /** Gives up what no element of the mirror shows any more, of those that no style sheet names: what is shown one after the other has no end. */
  private sweep(): void {
    const shown = new Set<Asset>();
    for (const node of this.tree.nodes()) this.shows.get(node)?.forEach((assets) => assets.forEach((asset) => shown.add(asset)));
    for (const [url, asset] of this.numbers) {
      const known = asset.done || this.sentByContent.has(asset.id);
      if ((!known && !asset.undecided) || asset.named || asset.animated.size > 0 || shown.has(asset)) continue;
      this.numbers.delete(url);
      this.undecided.delete(asset);
      this.sentByContent.delete(asset.id);
      this.total -= asset.bytes;
      if (known) this.sink.assetFailed(asset.id, "nothing shows it any more");
    }
    this.swept = Math.max(ample, this.total + ample / 2);
    this.sweptMany = Math.max(many, this.numbers.size * 2);
  }

  /**
   * CSS text with every URL replaced by an asset's number: of a sheet, of the style attribute of an element, or of keyframes by which script
   * animates one.
   */
  rewrite(css: string, base: string, element?: Element, animates = false): string {
    if (this.privacy.used) css = wordless(css);
    if (element && !animates && (namesFiles(css) || /var\(|animation/.test(css))) this.shown.styled.add(element);
    const assets: Asset[] = [];
    const rewritten = replaceURLs(css, (url, custom) => {
      const asset = this.named(url, base, custom);
      if (asset && element && !animates) assets.push(asset);
      else if (asset) asset.named = true;
      if (animates && element && asset && !asset.done) asset.animated.add(element);
      return `qwelp:${asset?.id ?? 0}`;
    }, devicePixelRatio);
    if (element && !animates) this.showing(element, "style", assets);
    return rewritten;
  }

  private named(url: string, base: string, custom: boolean): Asset | undefined {
    if (isTooLong(url)) return undefined;
    const whole = absolute(url, base);
    return whole ? this.asset(whole, custom && !isAbsolute(url) ? url : "") : undefined;
  }

  /** The asset under an absolute URL; relative: what a custom property says, which counts from where it is used. */
  private asset(url: string, relative = ""): Asset {
    const key = relative ? `${relative}\n${url}` : url;
    let asset = this.numbers.get(key);
    if (!asset) {
      const tail = relative && new URL(relative.replace(/^(\.{0,2}\/)+/, ""), "http://a/").href.slice("http://a".length);
      asset = { id: ++this.last, url, tail, elements: new Set(), animated: new Set(), undecided: true, done: false, named: !!relative, bytes: 0 };
      this.numbers.set(key, asset);
      this.undecided.add(asset);
      if (relative) this.relatives.set(relative, [...(this.relatives.get(relative) ?? []), asset]);
      this.changed();
    }
    return asset;
  }

  // Reading

  private work(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    if (!this.ready) return;
    for (let next = this.next(); next; next = this.next()) {
      this.queue.splice(this.queue.indexOf(next), 1);
      const { asset, witness: { element } } = next;
      if (element) this.seen.unobserve(element);
      if (this.refused(asset, element)) continue;
      const early = this.isEarly(next);
      const remote = isRemote(asset.url);
      const { page } = this;
      if (remote) this.running++;
      else this.local++;
      if (early) this.early++;
      void this.hand(next, page)
        .catch((error: unknown) => {
          if (page === this.page) this.fail(asset, error instanceof Error ? error.message : "not readable");
        })
        .finally(() => {
          if (page !== this.page) return;
          if (remote) this.running--;
          else this.local--;
          if (early) this.early--;
          this.work();
        });
    }
    // Something waits for the page to get its answer first.
    if (this.queue.length > 0 && this.running < connections) this.timer ||= window.setTimeout(() => this.work(), patience / 4);
  }

  /** What is to be read next: what needs no connection, then what is in sight, then what the page has got. */
  private next(): Wanted | undefined {
    const now = performance.now();
    let best: Wanted | undefined;
    let most = -1;
    for (const wanted of this.queue) {
      const { asset: { url }, witness: { element }, since } = wanted;
      const remote = isRemote(url);
      const early = this.isEarly(wanted);
      if ((remote ? this.running >= connections : this.local >= atOnce) || (early && (this.early > 0 || now - since < patience))) continue;
      const rank = (remote ? 0 : 4) + (element && this.inSight.has(element) ? 2 : 0) + (early ? 0 : 1);
      if (rank > most) [best, most] = [wanted, rank];
    }
    return best;
  }

  /** Whether the page itself may still wait for the answer. */
  private isEarly({ asset: { url }, witness: { element } }: Wanted): boolean {
    return isRemote(url) && element?.localName !== "img" && answered(url, element?.ownerDocument.defaultView ?? window) === undefined;
  }

  /** Reads an asset and hands it over, or only what it is known by when it came before in this session. */
  private async hand(wanted: Wanted, page: number): Promise<void> {
    const { asset, witness, again } = wanted;
    const { id, url } = asset;
    let allowed: boolean | undefined; // for as long as no other task has run
    const may = (): boolean | undefined => {
      if (allowed !== undefined) return allowed;
      // What the page is about to become may be something else.
      if (page === this.page && !this.settle() && page === this.page) return undefined;
      queueMicrotask(() => (allowed = undefined));
      return (allowed = page === this.page && witness.holds());
    };
    if (!may()) {
      if (page === this.page) this.undecide(asset);
      return;
    }
    let content = this.known.get(url) ?? "";
    let type = "";
    let data = new Uint8Array();
    if (again || !this.contents?.has(content)) {
      const blob = await read(url, witness.element);
      type = blob.type + fragmentOf(url);
      data = new Uint8Array(await blob.arrayBuffer());
      content = this.contents && data.length >= worthwhile && !fragmentOf(url) ? await digestOf(data) : "";
      if (content && this.known.size < maxKnown) this.known.set(url, content);
    }
    if (page !== this.page) return;
    const follows = again || !this.contents?.has(content);
    const more = follows && !again ? data.length : 0;
    if (this.total + more > this.swept) this.sweep();
    if (this.total + more > maxPage) throw new Error("this page shows more than can be sent");
    if (again) this.sentAgain += data.length;
    const sent = await this.sink.asset(id, type, follows ? data : new Uint8Array(), content ? { content, follows } : undefined, may);
    if (page !== this.page) return;
    if (!sent) return this.undecide(asset);
    this.total += asset.bytes = more;
    // An agent may have to ask for it, and something else may show it by then.
    if (!follows) this.sentByContent.set(id, wanted);
    else this.finish(asset);
    if (follows && content) this.remember(content);
  }

  private remember(content: string): void {
    for (const oldest of this.contents!) if (this.contents!.size >= maxContents) this.contents!.delete(oldest);
    this.contents!.add(content);
  }
}
