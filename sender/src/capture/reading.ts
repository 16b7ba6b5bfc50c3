import { fetchBytes, HTTPError, maxAsset, tooLarge } from "./fetching.js";

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
  return fetchBytes(server, {}).catch((error: unknown) => {
    if (error instanceof HTTPError && (error.status === 403 || error.status === 404)) unserved.add(origin);
    throw error;
  });
}

const piece = 1 << 20; // characters decoded at a time; a multiple of 4

/** Reads a data: URL (RFC 2397) without fetch, which the page's connect-src may forbid. */
async function dataBlob(url: string): Promise<Blob> {
  const comma = url.indexOf(",");
  const head = url.slice("data:".length, comma);
  const base64 = /;\s*base64\s*$/i.test(head);
  if ((url.length - comma) * (base64 ? 0.75 : 1) > 2 * maxAsset) throw tooLarge();
  const type = head.replace(/;\s*base64\s*$/i, "");
  if (!base64) return limited(new Blob([decoded(url.slice(comma + 1))], { type }));
  const body = decoded(url.slice(comma + 1)).replace(/\s+/g, "");
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < body.length; at += piece) {
    if (at > 0) await new Promise((resolve) => setTimeout(resolve));
    const binary = atob(body.slice(at, at + piece));
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    parts.push(bytes);
  }
  return limited(new Blob(parts, { type }));
}

function limited(blob: Blob): Blob {
  if (blob.size > maxAsset) throw tooLarge();
  return blob;
}

/** Text without its percent signs, of which some may mean nothing. */
function decoded(text: string): string {
  if (!text.includes("%")) return text;
  return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, "%25"));
}

async function drawn(image: HTMLImageElement): Promise<Blob> {
  if (!image.complete) await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext("2d")!.drawImage(image, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  if (!blob) throw new Error("not readable");
  return limited(blob);
}
