import { attributeOf, documentOf } from "./dom.js";

/**
 * Surfaces shows pictures in canvases. Where no script runs, a browser shows what is inside a canvas in its place; an image given by style is
 * as large as the canvas would be, and keeps its element what it is to style sheets.
 */
export class Surfaces {
  private readonly shown = new WeakMap<Element, string>();
  private readonly wanted = new WeakMap<Element, string>();
  private readonly blanks = new Map<string, string>();

  /** Shows a picture once it has been read, so that nothing flickers. undefined: none. */
  paint(canvas: Element, url: string | undefined): void {
    this.wanted.set(canvas, url ?? "");
    if (!url) return this.refresh(canvas);
    preload(canvas, url, (picture) => {
      if (this.wanted.get(canvas) !== url) return;
      this.shown.set(canvas, `image-set(url("${url}") ${picture.naturalWidth / sizeOf(canvas)[0] || 1}x)`);
      this.refresh(canvas);
    });
  }

  /** Shows what was shown, after the canvas has got another size or style. */
  refresh(canvas: Element): void {
    (canvas as HTMLElement).style.setProperty("content", this.shown.get(canvas) ?? `url("${this.blank(...sizeOf(canvas))}")`, "important");
  }

  /** Gives back the memory. */
  dispose(): void {
    for (const url of this.blanks.values()) URL.revokeObjectURL(url);
    this.blanks.clear();
  }

  private blank(width: number, height: number): string {
    const key = `${width} ${height}`;
    let url = this.blanks.get(key);
    if (!url) {
      const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"/>`;
      this.blanks.set(key, (url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }))));
    }
    return url;
  }
}

/** Has a picture read for the document of an element, then calls ready, which is for nothing to wait for. */
export function preload(element: Element, url: string, ready: (picture: HTMLImageElement) => void): void {
  const picture = documentOf(element).createElement("img");
  let read = false;
  const once = (): void => {
    if (!read) ready(picture);
    read = true;
  };
  picture.addEventListener("load", once);
  picture.src = url;
  picture.decode().then(once, () => undefined); // WebKit calls no listener here: see hears
}

function sizeOf(canvas: Element): [number, number] {
  const size = (name: string, otherwise: number): number => {
    const digits = /^\s*\+?(\d{1,5})/.exec(attributeOf(canvas, name) ?? "")?.[1];
    return digits === undefined ? otherwise : Number(digits);
  };
  return [size("width", 300), size("height", 150)];
}
