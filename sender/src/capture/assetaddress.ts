const maxDataURL = 24 << 20; // characters

/** By which a part of an image is shown. */
export const fragmentOf = (url: string): string => (url.includes("#") ? url.slice(url.lastIndexOf("#")).slice(0, 200) : "");
export const isRemote = (url: string): boolean => !/^(data|blob):/.test(url);
export const isAbsolute = (url: string): boolean => /^[a-z][-+.\w]*:/i.test(url.slice(0, 40));

/** Whether a data: URL is longer than an asset may be. Nothing of it is looked at. */
export const isTooLong = (url: string): boolean => url.length > maxDataURL || (url.length > 11 << 20 && /;\s*base64\s*,/i.test(url.slice(0, 200)));

/** What bytes are known by; "" where the browser has no digests, which only pages over HTTPS and of this machine may make. */
export async function digestOf(data: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle?.digest("SHA-256", data);
  return digest ? Array.from(new Uint8Array(digest, 0, 12), (byte) => byte.toString(16).padStart(2, "0")).join("") : "";
}
