import { documentOf } from "./dom.js";

export const canvasImage = "#canvas"; // no attribute, but a style

/** The attribute of an element that names the image it shows, if there is one. */
export function imageAttribute(element: Element): string | undefined {
  switch (element.localName) {
    case "img":
    case "input":
      return "src";
    case "video":
      return "poster";
    case "canvas":
      return canvasImage;
    case "image":
      return documentOf(element) && element.namespaceURI?.endsWith("svg") ? "href" : undefined;
    default:
      return undefined;
  }
}
