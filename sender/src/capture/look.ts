import { each } from "../platform/lists.js";
import type { Carried, Carrier } from "./carriers.js";

/** What shows an asset. */
export interface Witness {
  readonly element: Element | undefined;
  /** Whether it still does, and may be seen. */
  holds(): boolean;
}

/** An asset of which it is not known whether anything shows it. */
export interface Asset {
  readonly id: number;
  /** Where it is read from; of a relative one in a custom property, known when something shows it. */
  url: string;
  /** How the URL of a relative one ends. */
  readonly tail: string;
  /** Elements that may show it by an attribute, and those that a script animates with it. */
  readonly elements: Set<Element>;
  readonly animated: Set<Element>;
  undecided: boolean;
  /** All of it has been sent, or it cannot be. */
  done: boolean;
  /** Something other than an element's attributes names it. */
  named: boolean;
  /** How many the mirror has of it. */
  bytes: number;
}

/** The assets there are. */
export interface Registry {
  readonly undecided: ReadonlySet<Asset>;
  /** By absolute URL, or by the text of a relative one in a custom property. */
  find(url: string): readonly Asset[];
  /** Whether a window's page has got an answer under a URL; undefined: not known, or not yet. */
  answered(url: string, view: Window | null | undefined): boolean | undefined;
  /** An asset is shown. */
  found(asset: Asset, witness: Witness): void;
}

/** One look at everything: which custom properties and animations lead to assets that are not known to be shown. */
export class Look {
  private readonly medias = new Map<string, boolean>();
  private readonly reach = new Map<string, readonly Asset[]>();

  constructor(
    private readonly registry: Registry,
    readonly names: Map<string, { urls: string[]; names: string[] }>,
  ) {}

  /** Whether a rule may show something that is not known to be shown. */
  wants({ urls, names }: Carrier): boolean {
    const undecided = (asset: Asset): boolean => asset.undecided;
    return urls.some((url) => this.registry.find(url).some(undecided)) || names.some((name) => this.assetsNamed(name).some(undecided));
  }

  assetsOf({ urls, names }: Carrier): Asset[] {
    return [...each(urls, (url) => this.registry.find(url)), ...each(names, (name) => this.assetsNamed(name))].filter(({ undecided }) => undecided);
  }

  relativesOf({ names }: Carrier): Asset[] {
    return each(names, (name) => this.assetsNamed(name)).filter(({ tail }) => tail);
  }

  applies({ media }: Carrier): boolean {
    return media.every(({ mediaText }) => {
      let known = this.medias.get(mediaText);
      if (known === undefined) this.medias.set(mediaText, (known = matchMedia(mediaText).matches));
      return known;
    });
  }

  /** The assets that a custom property or an animation leads to, over others. */
  assetsNamed(name: string): readonly Asset[] {
    const known = this.reach.get(name);
    if (known) return known;
    const seen = new Set([name]);
    const assets = new Set<Asset>();
    for (const each of seen) {
      const named = this.names.get(each);
      for (const url of named?.urls ?? []) for (const asset of this.registry.find(url)) assets.add(asset);
      for (const next of named?.names ?? []) seen.add(next);
    }
    const all = [...assets];
    this.reach.set(name, all);
    return all;
  }
}

export function define(names: Look["names"], [name, urls, others]: Carried["named"][number]): void {
  const known = names.get(name);
  if (!known) names.set(name, { urls: [...urls], names: [...others] });
  else {
    known.urls.push(...urls);
    known.names.push(...others);
  }
}
