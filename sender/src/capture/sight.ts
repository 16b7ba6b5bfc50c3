import { absolute } from "./carriers.js";
import { namesFiles, replaceURLs } from "./css.js";
import { matches, nearest } from "./methods.js";
import { rootNode } from "./nodes.js";

/** The properties that can show an image. */
export const imageProperties = [
  "background-image", "border-image-source", "content", "cursor", "list-style-image", "mask-image", "-webkit-mask-image", "-webkit-mask-box-image-source", "shape-outside",
  "-webkit-box-reflect", "filter", "backdrop-filter", "clip-path", "offset-path", "fill", "stroke", "marker-start", "marker-mid", "marker-end",
] as const;
const definitions = "defs,symbol,pattern,mask,clipPath,marker,filter,linearGradient,radialGradient";

/** The files that an element, or a pseudo-element of it, shows by its style. */
export function shownBy(element: Element, pseudo: string, style: CSSStyleDeclaration): Set<string> {
  const urls = new Set<string>();
  const { display } = style;
  if (/^::(before|after)$/.test(pseudo) && (/^(none|normal)?$/.test(style.content) || display === "none")) return urls;
  if (pseudo === "::backdrop" && !inTopLayer(element)) return urls;
  const listed = pseudo === "::marker" ? getComputedStyle(element).display.includes("list-item") : display.includes("list-item");
  if (pseudo === "::marker" && !listed) return urls;
  for (const name of imageProperties) {
    if (name === "list-style-image" && !listed) continue;
    const value = style.getPropertyValue(name);
    if (namesFiles(value)) replaceURLs(value, (url) => (urls.add(absolute(url, element.baseURI)), ""), devicePixelRatio);
  }
  return urls;
}

function inTopLayer(element: Element): boolean {
  return [":modal", ":popover-open", ":fullscreen"].some((selector) => {
    try {
      return matches.call(element, selector);
    } catch {
      return false; // Older browsers do not know it.
    }
  });
}

/** Whether an element is displayed, wherever it has been scrolled to. */
export function visible(element: Element): boolean {
  const frame = element.ownerDocument.defaultView?.frameElement;
  if (frame && !visible(frame)) return false;
  if (element.checkVisibility ? element.checkVisibility({ visibilityProperty: true, checkVisibilityCSS: true }) : element.getClientRects().length > 0) return true;
  // What is defined in SVG is displayed elsewhere.
  if ("ownerSVGElement" in element && nearest(element, definitions)) return true;
  const parent = element.parentElement ?? (rootNode(element) as ShadowRoot).host;
  return !!parent && getComputedStyle(element).display === "contents" && visible(parent);
}

/** The file that an element shows by an attribute, as an absolute URL; "" for none, undefined when it is not one that shows files. */
export function fileOf(element: Element): string | undefined {
  let url: string | undefined;
  // By name, not by class: a frame's elements are of another realm's classes.
  switch (element.localName) {
    case "img":
      url = (element as HTMLImageElement).currentSrc || (element as HTMLImageElement).src;
      break;
    case "video":
      url = (element as HTMLVideoElement).poster;
      break;
    case "input":
      if ((element as HTMLInputElement).type !== "image") return undefined;
      url = (element as HTMLInputElement).src;
      break;
    case "image":
    case "use":
      url = (element as SVGImageElement).href?.baseVal;
      if (element.localName === "use") url = url?.replace(/#.*$/s, "");
      break;
    default:
      return undefined;
  }
  return url ? absolute(url, element.baseURI) : "";
}

/** Whether the page has read what an image element shows. What it could not read, and what never ends, is not asked for again. */
export function isRead(element: Element): boolean {
  if (element.localName !== "img") return true;
  const { complete, naturalWidth } = element as HTMLImageElement;
  return complete && naturalWidth > 0;
}
