import { NamespaceHTML, NamespaceMathML, NamespaceSVG } from "../../../signal/wire/wire.gen.js";

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
export const Scroller = 8192; // may scroll
export const Pictured = 16384; // is like one picture
export const Source = 32768; // tells which image a picture shows

function names(text: string): Set<string> {
  return new Set(text.split(" "));
}

/** Elements of HTML that are sent: these, custom elements, and those that are no more to the browser than a name for style sheets. */
const htmlElements = names(
  "a area audio blockquote body br button canvas caption col colgroup data datalist del details dialog div dl embed fieldset font form h1 h2 " +
  "h3 h4 h5 h6 head hr html iframe img input ins label legend li link map menu meter nobr object ol optgroup option output p picture pre progress q " +
  "select selectedcontent slot source span style table tbody td template textarea tfoot th thead time title tr track ul video",
);
const customElement = /^[a-z][^A-Z]*-/;
const plainElement = /^\[object HTML(Unknown|Marquee|Directory)?Element\]$/;

/** Elements of SVG that are sent besides those that the browser draws. */
const svgElement = /^(fe[A-Z]\w+|(linear|radial)Gradient|stop|pattern|marker|mask|clipPath|symbol|filter|style)$/;
const mathElement = /^(m[a-z]+|semantics|annotation(-xml)?)$/;

const kinds: [number, RegExp][] = [
  [Childless, /^(template|textarea|style|link|iframe|title|datalist|object|embed)$/],
  [Field, /^(input|textarea|select)$/],
  [Sheet, /^(style|link)$/],
  [Image, /^(img|video|input|image)$/],
  [Moving, /^(canvas|video|audio)$/],
  [Pictured, /^(select|svg|math|canvas|video|audio)$/],
  [Frame, /^iframe$/],
  [Stateful, /-|^(input|textarea|select|button|output|object|form|fieldset|details|dialog|video|audio)$/],
  [Layer, /^dialog$/],
  [Host, /-|^(article|aside|blockquote|body|div|footer|h[1-6]|header|main|nav|p|section|span)$/],
  [Use, /^use$/],
  [Source, /^source$/],
  [Scroller, /^(?!(tr|t?head|tbody|tfoot|col(group)?|opt(ion|group)|br|hr|img|style|link|title|script)$)/],
];

const known: Map<string, number>[] = [new Map(), new Map(), new Map()];
const most = 10_000; // names that are remembered

/** What is to be known of an element by its name, in bits. */
export function kindOf(element: Element): number {
  const namespace = namespaceOf(element);
  const { localName } = element;
  const kind = known[namespace]!.get(localName) ?? learn(element, namespace, localName);
  // Of links, only style sheets are sent.
  return localName === "link" && !/(^|\s)stylesheet(\s|$)/i.test((element as HTMLLinkElement).rel) ? kind & ~Allowed : kind;
}

function learn(element: Element, namespace: number, name: string): number {
  let kind = namespace;
  if (allowed(element, namespace, name)) kind |= Allowed;
  for (const [bit, pattern] of kinds) if (pattern.test(name)) kind |= bit;
  if (known[namespace]!.size < most) known[namespace]!.set(name, kind);
  return kind;
}

function allowed(element: Element, namespace: number, name: string): boolean {
  switch (namespace) {
    case NamespaceSVG:
      return "getBBox" in element || svgElement.test(name);
    case NamespaceMathML:
      return mathElement.test(name);
  }
  return htmlElements.has(name) || customElement.test(name) || (plainElement.test(String(element)) && !name.startsWith("no"));
}

/** The number of an element's namespace, as operations tell it. */
function namespaceOf(element: Element): number {
  switch (element.namespaceURI) {
    case "http://www.w3.org/2000/svg":
      return NamespaceSVG;
    case "http://www.w3.org/1998/Math/MathML":
      return NamespaceMathML;
    default:
      return NamespaceHTML;
  }
}
