import { FrameWriter } from "../../../../signal/wire/frame.gen.js";
import { MaxInterned, NamespaceHTML, NamespaceMathML, NamespaceSVG, TopLayerModal } from "../../../../signal/wire/wire.gen.js";
import { maxDepth } from "../limits.js";

/** A frame no honest sender makes. Each begins a page, so that it counts whatever came before. */
export interface HostileFrame {
  readonly name: string;
  readonly frame: Uint8Array<ArrayBuffer>;
  /** What the mirror must do: ask for a new snapshot, or show the page without what is evil in it. */
  readonly outcome: "refused" | "shown";
}

/** Where evil requests would go, on the server that serves the console, so that no policy against other sites hides them. */
export const target = "/stolen";
/** What evil script would set on every window it reaches. */
export const flag = "pwned";

const html = NamespaceHTML;
const svg = NamespaceSVG;
const script = `for (const w of [self, parent, top]) w.${flag} = true`;

/** Frames that try to run script, to load, to lead elsewhere, or to break the mirror. */
export function hostileFrames(): HostileFrame[] {
  return [...running, ...loading, ...leading, ...clobbering, ...breaking, ...malformed];
}

function frame(name: string, outcome: HostileFrame["outcome"], write: (w: FrameWriter) => void): HostileFrame {
  const w = new FrameWriter();
  w.begin(1);
  w.page("https://shop.example/", name, false, 800, 600, 100);
  write(w);
  return { name, outcome, frame: w.take() };
}

/** A page whose body is what write makes; html, head and body are nodes 2, 3 and 4, the next is 5. */
function page(name: string, write: (w: FrameWriter) => void, outcome: HostileFrame["outcome"] = "shown"): HostileFrame {
  return frame(name, outcome, (w) => {
    w.element(html, "html", []);
    w.element(html, "head", []);
    w.up(1);
    w.element(html, "body", []);
    write(w);
    w.pageEnd();
  });
}

function leaf(w: FrameWriter, name: string, attributes: string[], text = "", namespace = html): void {
  w.element(namespace, name, attributes);
  if (text) w.text(text);
  w.up(1);
}

const running: HostileFrame[] = [
  page("script elements of every kind", (w) => {
    leaf(w, "script", [], script);
    leaf(w, "script", ["type", "module", "src", `${target}/script`]);
    leaf(w, "SCRIPT", [], script);
    leaf(w, "script", ["href", `${target}/svgscript`], script, svg);
    leaf(w, "script", [], script, NamespaceMathML);
  }),
  page("event handlers", (w) => {
    leaf(w, "img", ["src", "data:x", "onerror", script, "onload", script]);
    leaf(w, "body", ["onload", script, "onpageshow", script]);
    leaf(w, "input", ["autofocus", "", "onfocus", script, "ONFOCUS", script]);
    leaf(w, "details", ["open", "", "ontoggle", script]);
    leaf(w, "svg", ["onload", script], "", svg);
    leaf(w, "x-evil", ["onclick", script, "onanimationstart", script, "style", "animation: a 1ms"]);
    w.setAttribute(5, "onerror", script);
    w.focus(7);
  }),
  page("frames with content of their own", (w) => {
    leaf(w, "iframe", ["srcdoc", `<script>${script}</script>`, "sandbox", "allow-scripts allow-same-origin allow-top-navigation"]);
    leaf(w, "iframe", ["src", `javascript:${script}`]);
    leaf(w, "iframe", ["src", `${target}/frame`]);
    leaf(w, "object", ["data", `${target}/object`, "type", "text/html"]);
    leaf(w, "embed", ["src", `${target}/embed`]);
    leaf(w, "frame", ["src", `${target}/frame`]);
    leaf(w, "portal", ["src", `${target}/portal`]);
    w.setAttribute(5, "sandbox", "allow-scripts allow-same-origin");
    w.setAttribute(5, "srcdoc", `<script>${script}</script>`);
  }),
  page("animations that set a link's address", (w) => {
    w.element(svg, "svg", []);
    w.element(svg, "a", ["xlink:href", `javascript:${script}`]);
    leaf(w, "animate", ["attributeName", "href", "to", `javascript:${script}`], "", svg);
    leaf(w, "set", ["attributeName", "xlink:href", "to", `javascript:${script}`], "", svg);
    w.up(2);
  }),
];

const css = (name: string): string => `${target}/${name}`;

const evilValues = [
  `url(${css("bare")})`, `url("${css("double")}")`, `URL('${css("single")}')`, `u\\72l(${css("escape")})`, `\\75 rl("${css("escapes")}")`,
  `url(  ${css("space")}  )`, `url(/**/${css("comment")})`, `image-set("${css("set")}" 1x)`, `-webkit-image-set(url(${css("webkit")}) 1x)`,
  `im\\61ge-set('${css("setescape")}' 1x)`, `image("${css("image")}")`, `src("${css("srcfn")}")`, `cross-fade(url(${css("fade")}), red)`,
  `url("${css("modifier")}" crossorigin(anonymous))`, `url("${css("newline")}\n), url(${css("afterstring")})`, `"a\\\n", url(${css("continued")})`,
  `1url(")" url(${css("dimension")}) ")`, `#url(")" url(${css("hash")}) ")`, `@url(")" url(${css("at")}) ")`, `\u00a0url(${css("nbsp")})`,
  `url(qwelp:1/../..${css("qwelp")})`, `url(qwelp:1${css("qwelp")})`, `url(#a${css("hash")}), url( "${css("second")}" )`,
];

const loading: HostileFrame[] = [
  page("images and media", (w) => {
    leaf(w, "img", ["src", css("src"), "srcset", `${css("srcset")} 2x`, "lowsrc", css("lowsrc"), "dynsrc", css("dynsrc")]);
    leaf(w, "source", ["srcset", css("source")]);
    leaf(w, "video", ["src", css("video"), "poster", css("poster")]);
    leaf(w, "input", ["type", "image", "src", css("input")]);
    leaf(w, "image", ["href", css("href"), "xlink:href", css("xlink")], "", svg);
    leaf(w, "use", ["href", `${css("use")}#a`], "", svg);
    leaf(w, "feImage", ["href", css("feImage")], "", svg);
    leaf(w, "body", ["background", css("background")]);
    leaf(w, "link", ["rel", "preload", "as", "image", "href", css("preload")]);
    leaf(w, "link", ["rel", "stylesheet", "href", css("sheet")]);
    w.setAttribute(5, "src", css("later"));
    w.setAttribute(14, "href", css("later"));
  }),
  page("style attributes", (w) => {
    for (const value of evilValues) leaf(w, "div", ["style", `display:block;width:9px;height:9px;background-image:${value}`]);
    leaf(w, "div", ["style", `--x:"${css("var")}";background:image-set(var(--x) 1x)`]);
    leaf(w, "rect", ["fill", `url(${css("fill")}#a)`, "filter", `url(${css("filter")}#a)`, "mask", `u\\72l(${css("mask")}#a)`], "", svg);
    w.setAttribute(5, "style", `background:url(${css("later")})`);
  }),
  page("style sheets", (w) => {
    leaf(w, "style", [], `body{background:url(${css("text")})}`);
    leaf(w, "style", []);
    leaf(w, "link", ["rel", "stylesheet"]);
    w.sheetText(7, evilSheet("style"));
    w.sheetText(8, evilSheet("link"));
    w.sheet(1, evilSheet("constructed"));
    w.adopt(1, [1]);
    // Its text counts, but is never its rules.
    w.setText(6, `body{background:url(${css("settext")})}`);
  }),
  page("a link made a style sheet afterwards", (w) => {
    leaf(w, "link", ["href", css("link")]);
    w.setAttribute(5, "rel", "stylesheet");
    w.setAttribute(5, "href", css("link"));
  }),
];

const leading: HostileFrame[] = [
  page("meta and base elements", (w) => {
    leaf(w, "meta", ["http-equiv", "refresh", "content", `0;url=${css("refresh")}`]);
    leaf(w, "base", ["href", `${css("base")}/`, "target", "_top"]);
    leaf(w, "meta", ["http-equiv", "Content-Security-Policy", "content", "default-src *"]);
    leaf(w, "a", ["href", "elsewhere"], "relative");
  }),
  page("links and forms", (w) => {
    leaf(w, "a", ["href", `javascript:${script}`, "target", "_top", "ping", css("ping")], "go");
    leaf(w, "a", ["href", `java\tscript:${script}`], "go");
    leaf(w, "a", ["href", `data:text/html,<script>${script}</script>`], "go");
    leaf(w, "a", ["xlink:href", ` \u0001javascript:${script}`], "go", svg);
    w.element(html, "form", ["action", css("form"), "method", "post", "target", "_top"]);
    leaf(w, "button", ["formaction", `javascript:${script}`], "send");
    w.up(1);
  }),
];

const clobbering: HostileFrame[] = [
  page("fields named like a form's own properties", (w) => {
    w.element(html, "form", ["name", "getSelection", "id", "defaultView"]);
    const names = ["setAttribute", "insertBefore", "parentNode", "children", "nodeType", "remove", "scrollTo", "attributes", "style", "focus"];
    for (const name of names) leaf(w, "input", ["name", name]);
    w.up(1);
    for (const name of ["documentElement", "adoptedStyleSheets", "createElementNS", "fonts", "scrollingElement", "defaultView"]) {
      leaf(w, "img", ["name", name, "id", name]);
    }
    w.scroll(5, 0, 10);
    w.focus(5);
    w.at(5, 6);
    leaf(w, "p", [], "inside");
    w.setAttribute(5, "class", "x");
    w.remove(7);
  }),
  page("names of the prototype", (w) => {
    leaf(w, "div", ["__proto__", "x", "constructor", "y"]);
    leaf(w, "__proto__", []);
    leaf(w, "x-__proto__", ["__proto__", "polluted"]);
    w.setAttribute(5, "__proto__", "z");
  }),
];

const breaking: HostileFrame[] = [
  page("a node in itself", (w) => {
    w.element(html, "div", []);
    leaf(w, "p", []);
    w.move(5, 6, 0);
  }, "refused"),
  page("a node that is not there", (w) => w.remove(4_000_000_000), "refused"),
  page("the document removed", (w) => w.remove(1), "refused"),
  page("the document moved", (w) => w.move(1, 4, 0), "refused"),
  page("text in a document", (w) => {
    w.at(1, 0);
    w.text("stray");
  }, "refused"),
  page("children of text", (w) => {
    w.text("text");
    w.at(5, 0);
  }, "refused"),
  page("a place beside what is elsewhere", (w) => {
    leaf(w, "p", []);
    w.at(2, 5);
  }, "refused"),
  page("up beyond the top", (w) => w.up(1_000_000), "refused"),
  page("two shadow roots", (w) => {
    w.element(html, "div", []);
    w.shadow(false);
    w.up(1);
    w.shadow(false);
  }, "refused"),
  page("a shadow root where none can be", (w) => {
    w.element(html, "input", []);
    w.shadow(false);
  }, "refused"),
  page("a document in what is no frame", (w) => {
    w.element(html, "div", []);
    w.frameDocument(false);
  }, "refused"),
  page("a style sheet that is not there", (w) => w.adopt(1, [7]), "refused"),
  page("a page that ends twice", (w) => {
    w.pageEnd();
  }, "refused"),
  page("state that does not fit its element", (w) => {
    leaf(w, "input", ["type", "file"]);
    leaf(w, "div", []);
    leaf(w, "input", ["type", "number"]);
    w.setValue(5, "C:\\secret");
    w.setChecked(6, true, true);
    w.setSelected(6, [4_000_000_000]);
    w.setValue(7, "not a number");
    w.selectInput(7, 4_000_000_000, 0);
    w.topLayer(6, TopLayerModal);
    w.topLayer(5, 99);
    w.scroll(6, -2_000_000_000, 2_000_000_000);
    w.select(4, 4_000_000_000, 6, 99);
    w.image(6, 99);
  }),
  page("nesting that no layout survives", (w) => {
    for (let i = 0; i < maxDepth * 20; i++) w.element(html, i % 2 ? "span" : "div", ["style", "display:inline-block"]);
    w.text("deep");
  }),
  page("attributes the DOM does not take", (w) => {
    leaf(w, "div", ["@click", "x", ":class", "y", "", "z", "a b", "c", "<", ">", "xmlns", "evil", "odd"]);
    leaf(w, "a b", []);
    leaf(w, "", []);
    leaf(w, "x-\u0000", []);
    leaf(w, "annotation-xml", []);
  }),
  page("content inside what has none", (w) => {
    w.element(html, "script", []);
    w.element(html, "div", []);
    w.text("not to be seen");
    w.up(2);
    w.element(html, "template", []);
    leaf(w, "img", ["src", css("template")]);
    w.up(1);
    w.element(html, "iframe", []);
    leaf(w, "p", []);
    w.up(1);
  }),
];

const malformed: HostileFrame[] = [
  frame("an unknown operation", "refused", (w) => w.op(250)),
  frame("an end in the middle", "refused", (w) => {
    w.op(4);
    w.uint(0);
    w.byte(0);
    w.uint(1000);
  }),
  frame("a string that is not UTF-8", "refused", (w) => {
    w.op(5);
    w.byte(0);
    w.bytes(new Uint8Array([0xff, 0xfe]));
  }),
  frame("a string that was never sent", "refused", (w) => {
    w.op(5);
    w.uint(MaxInterned);
  }),
  frame("operations before there is a root", "refused", (w) => w.setText(2, "x")),
];

function evilSheet(name: string): string {
  return `@import url(${css(name)}-import); @import "${css(name)}-import2"; @\\69mport '${css(name)}-import3';
    @font-face{font-family:E;src:url(${css(name)}-font),local(x),url("${css(name)}-font2") format("woff2")} body{font-family:E}
    @media all{ body::before{content:url(${css(name)}-content)} }
    html{cursor:url(${css(name)}-cursor),auto;--a:url(${css(name)}-var);background:var(--a)}
    body{--b:image-set("${css(name)}-var2" 1x);list-style-image:var(--b);background:var(--b)}
    a:hover,body{border-image:url(${css(name)}-border) 1;mask:url(${css(name)}-mask);filter:url(${css(name)}-filter#a)}
    p{background:url(${css(name)}-unclosed`;
}
