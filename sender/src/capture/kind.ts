import { NamespaceHTML, NamespaceMathML, NamespaceSVG } from "../../../signal/wire/wire.gen.js";
import { nameOf, namespaceURIOf } from "./nodes.js";

/** What an element's name says of it. The numbers of namespaces are the lowest bits. */
export const Namespace = 3;
export const Allowed = 4; // is sent
export const Childless = 8; // its children say nothing that is seen, or that is not told otherwise
export const Field = 16; // has a state of its own
export const Sheet = 32; // brings a style sheet
export const Image = 64; // may show an image
export const Moving = 128; // shows what no image has
export const Frame = 256; // shows a document
export const Stateful = 512; // may match pseudo-classes that the mirror's own does not
export const Layer = 1024; // may be in the top layer
export const Host = 2048; // may have a shadow root
export const Use = 4096; // shows a part of an image
export const Flat = 8192; // never scrolls
export const Pictured = 16384; // is like one picture
export const Source = 32768; // tells which image a picture shows

/** What is said of names of elements, in HTML or SVG. Elements of HTML are only sent if it is said here, custom elements aside. */
const said: [number, string][] = [
  [Allowed, "a area audio blockquote body br button canvas caption col colgroup data datalist del details dialog div dl embed fieldset font form frame frameset h1 h2 " +
    "h3 h4 h5 h6 head hr html iframe img input ins label legend li link map menu meter nobr object ol optgroup option output p picture pre progress q " +
    "select selectedcontent slot source span style table tbody td template textarea tfoot th thead time title tr track ul video"],
  [Childless, "template textarea style link iframe frame title datalist object embed"],
  [Field, "input textarea select"],
  [Sheet, "style link"],
  [Image, "img video input image"],
  [Moving, "canvas video audio"],
  [Pictured, "select svg math canvas video audio"],
  [Frame, "iframe frame"],
  [Stateful, "input textarea select button output object form fieldset details dialog video audio"],
  [Layer, "dialog"],
  [Host, "article aside blockquote body div footer h1 h2 h3 h4 h5 h6 header main nav p section span"],
  [Use, "use"],
  [Source, "source"],
  [Flat, "tr thead tbody tfoot col colgroup option optgroup br hr img style link title script head"],
];
const table = new Map<string, number>();
for (const [bit, names] of said) for (const name of names.split(" ")) table.set(name, bit | (table.get(name) ?? 0));

const customElement = /^[a-z][^A-Z]*-/;
const plainElement = /^\[object HTML(Unknown|Marquee|Directory)?Element\]$/;

/** Elements of SVG that are sent besides those that the browser draws. */
const svgElement = /^(fe[A-Z]\w+|(linear|radial)Gradient|stop|pattern|marker|mask|clipPath|symbol|filter|style)$/;
const mathElement = /^(m[a-z]+|semantics|annotation(-xml)?)$/;

const known: Map<string, number>[] = [new Map(), new Map(), new Map()];
const most = 10_000; // names that are remembered

/** What is to be known of an element by its name, in bits. */
export function kindOf(element: Element): number {
  const namespace = namespaceOf(element);
  const localName = nameOf(element);
  const kind = known[namespace]!.get(localName) ?? learn(element, namespace, localName);
  // Of links, only style sheets are sent.
  return localName === "link" && !/(^|\s)stylesheet(\s|$)/i.test((element as HTMLLinkElement).rel) ? kind & ~Allowed : kind;
}

function learn(element: Element, namespace: number, name: string): number {
  let kind = (table.get(name) ?? 0) | namespace;
  if (name.includes("-")) kind |= Stateful | Host;
  kind = allowed(element, namespace, name, kind) ? kind | Allowed : kind & ~Allowed;
  if (known[namespace]!.size < most) known[namespace]!.set(name, kind);
  return kind;
}

function allowed(element: Element, namespace: number, name: string, kind: number): boolean {
  switch (namespace) {
    case NamespaceSVG:
      return "getBBox" in element || svgElement.test(name);
    case NamespaceMathML:
      return mathElement.test(name);
  }
  return !!(kind & Allowed) || customElement.test(name) || (plainElement.test(String(element)) && !/^no(script|embed|frames)$/.test(name));
}

/** The number of an element's namespace, as operations tell it. */
function namespaceOf(element: Element): number {
  switch (namespaceURIOf(element)) {
    case "http://www.w3.org/2000/svg":
      return NamespaceSVG;
    case "http://www.w3.org/1998/Math/MathML":
      return NamespaceMathML;
    default:
      return NamespaceHTML;
  }
}
