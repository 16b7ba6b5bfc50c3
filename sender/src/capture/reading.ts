import { blobOf } from "./assets.js";

/** Reads what cannot be fetched: a data: URL, an image by drawing it, whatever the app's server reads for us. Rejects with the first reason. */
export async function readOtherwise(url: string, image?: HTMLImageElement): Promise<Blob> {
  if (url.startsWith("data:")) return dataBlob(url);
  const drawing = image ? drawn(image) : Promise.reject<Blob>(new Error("not readable"));
  return drawing.catch(() => askServer(url));
}

const unserved = new Set<string>(); // origins that the app's server reads nothing from

/** Lets the app's server read what is another origin's, if it does so (middleware.Options.AssetOrigins). */
function askServer(url: string): Promise<Blob> {
  const { origin, protocol } = new URL(url);
  const server = new URL(`../asset?url=${encodeURIComponent(url)}`, import.meta.url);
  if (!/^https?:$/.test(protocol) || origin === location.origin || server.origin !== location.origin || unserved.has(origin)) throw new Error("not readable");
  return blobOf(fetch(server).then((response) => {
    if (response.status === 403 || response.status === 404) unserved.add(origin);
    return response;
  }));
}

/** Reads a data: URL (RFC 2397) without fetch, which the page's connect-src may forbid. */
async function dataBlob(url: string): Promise<Blob> {
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
