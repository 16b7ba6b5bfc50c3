/** The most bytes of an asset. */
export const maxAsset = 8 << 20;
const maxTime = 10_000; // ms that reading one may take
const maxNoted = 10_000; // URLs

type View = Window & typeof globalThis;

/** What is known of the requests a window has made, by URL: whether the answer was one, undefined while it has not come. */
const noted = new WeakMap<Window, Map<string, boolean>>();

/** Notes what a window reads from now on, and what it has read. ended is called when a request has ended. Returns what stops it. */
export function note(view: View, ended: () => void): () => void {
  const answers = new Map<string, boolean>();
  noted.set(view, answers);
  try {
    const observer = new PerformanceObserver((list) => {
      for (const { name, responseEnd, responseStatus = 0 } of list.getEntries() as PerformanceResourceTiming[]) {
        // Of a stream only the first image has come: there is no end to it.
        if (responseEnd && answers.size < maxNoted) answers.set(name, responseStatus < 400);
      }
      ended();
    });
    observer.observe({ type: "resource", buffered: true });
    return () => observer.disconnect();
  } catch {
    return () => undefined; // Older browsers.
  }
}

/** Whether a window's page has got an answer under a URL: false when that was an error, undefined when it is not known, or none yet. */
export function answered(url: string, view: Window | null | undefined): boolean | undefined {
  return view ? noted.get(view)?.get(url) : undefined;
}

/** Reads an asset as the page does, from the browser's cache if it is there. An image that is not to be asked for again is drawn. */
export async function read(url: string, element: Element | undefined): Promise<Blob> {
  const image = element?.localName === "img" ? (element as HTMLImageElement) : undefined;
  if (url.startsWith("data:")) return otherwise(url);
  if (image && (isPixel(image) || endless(image, url))) return otherwise(url, image);
  // The page's policy may forbid us to fetch what it shows, and another origin's server that scripts read it.
  return fetchBytes(url, { cache: "force-cache", credentials: "same-origin", mode: "cors" }).catch((reason: unknown) =>
    otherwise(url, image).catch(() => {
      throw reason;
    }));
}

/** Whether an image is one that counts who sees it: a request of ours would count once more. */
function isPixel({ naturalWidth, naturalHeight }: HTMLImageElement): boolean {
  return naturalWidth <= 2 && naturalHeight <= 2;
}

/** Whether an image that shows something is still being read. */
function endless(image: HTMLImageElement, url: string): boolean {
  const entries = image.ownerDocument.defaultView?.performance.getEntriesByName(url, "resource") as PerformanceResourceTiming[] | undefined;
  return !!entries?.length && entries.every(({ responseEnd }) => responseEnd === 0);
}

const otherwise = (url: string, image?: HTMLImageElement): Promise<Blob> => import("./rare.js").then(({ readOtherwise }) => readOtherwise(url, image));

/** Fetches an image or a font, within limits of size and time. */
export function fetchBytes(url: string | URL, init: RequestInit): Promise<Blob> {
  return fetchLimited(url, init, /^\s*(text\/|multipart\/|application\/(xhtml|json|javascript))/i);
}

/** Fetches a file, within limits of size and time; not one of an unwanted media type. */
export async function fetchLimited(url: string | URL, init: RequestInit, unwanted: RegExp): Promise<Blob> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), maxTime);
  try {
    const response = await fetch(url, { ...init, signal: limit.signal });
    if (!response.ok) throw new HTTPError(response.status);
    const type = response.headers.get("Content-Type") ?? "";
    // A login page in place of the image is not what the customer sees, and a stream of images does not end.
    if (unwanted.test(type)) throw new Error("neither an image nor a font");
    if (Number(response.headers.get("Content-Length")) > maxAsset) throw tooLarge();
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader!.read()) {
      parts.push(part.value);
      size += part.value.length;
      if (size > maxAsset) throw tooLarge();
    }
    return new Blob(parts, { type });
  } finally {
    clearTimeout(timer);
    limit.abort();
  }
}

/** An answer that is an error. */
export class HTTPError extends Error {
  constructor(readonly status: number) {
    super(`HTTP status ${status}`);
  }
}

export const tooLarge = (): Error => new Error("larger than 8 MB");
