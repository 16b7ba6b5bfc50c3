import { NamespaceMathML, NamespaceSVG } from "../../../../signal/wire/wire.gen.js";
import { breaking, malformed } from "./breaking.js";
import { body, frame, html, leaf, page, script, target, type HostileCase } from "./builder.js";
import { brokenInside, insideFrames, largeInside } from "./inside.js";
import { limits } from "./limits.js";

const svg = NamespaceSVG;
const math = NamespaceMathML;

/** Pages that try to run script, to load or to lead elsewhere. */
export function evilCases(): HostileCase[] {
  const evil = [...running, ...mutating, ...loading, ...leading, ...clobbering];
  return [...evil, insideFrames(evil)];
}

/** Pages that make no sense. */
export function brokenCases(): HostileCase[] {
  return [...breaking, ...malformed, ...brokenInside];
}

/** Pages that are more than a browser can show. */
export function largeCases(): HostileCase[] {
  return [...limits, ...largeInside];
}

const running: HostileCase[] = [
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

// Text that is markup wherever somebody writes it out and reads it again in another context.
const markup = `</style></title></textarea></noscript></template></select></math></svg>--></p><img src=${target}/mxss onerror="${script}"><script>${script}</script>`;

const mutating: HostileCase[] = [
  page("text that is markup in other contexts", (w) => {
    for (const name of ["style", "title", "textarea", "noscript", "template", "xmp", "iframe", "noembed", "noframes", "plaintext", "select", "p"]) {
      leaf(w, name, ["title", markup, "alt", markup, "data-x", markup], markup);
    }
    leaf(w, "style", [], markup, svg);
    leaf(w, "title", [], markup, svg);
    leaf(w, "annotation-xml", ["encoding", "text/html"], markup, math);
    w.setText(6, markup);
  }),
  page("elements in namespaces they are not of", (w) => {
    w.element(math, "math", []);
    w.element(math, "mtext", []);
    leaf(w, "mglyph", [], "", html);
    leaf(w, "style", [], markup, math);
    leaf(w, "img", ["src", `${target}/mglyph`, "onerror", script], "", math);
    w.up(1);
    w.element(math, "annotation-xml", ["encoding", "text/html"]);
    leaf(w, "script", [], script, html);
    leaf(w, "iframe", ["src", `${target}/annotation`], "", math);
    w.up(2);
    w.element(svg, "svg", []);
    w.element(svg, "foreignObject", []);
    leaf(w, "iframe", ["srcdoc", `<script>${script}</script>`]);
    leaf(w, "body", ["onload", script]);
    leaf(w, "style", [], `@import url(${target}/foreign)`);
    w.up(1);
    leaf(w, "iframe", ["src", `${target}/svgframe`], "", svg);
    leaf(w, "a", ["href", `javascript:${script}`], "go", svg);
    w.up(1);
    leaf(w, "script", [], script, 99);
  }),
  page("text that becomes rules when its parent changes", (w) => {
    w.element(html, "style", []);
    w.up(1);
    leaf(w, "p", [], `@import url(${target}/moved);body{background:url(${target}/moved2)}`);
    w.move(7, 5, 0);
    w.setText(7, `body{background:url(${target}/moved3)}`);
    w.at(5, 0);
    w.text(`body{background:url(${target}/moved4)}`);
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

const loading: HostileCase[] = [
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
  page("what makes a browser connect, look up or fetch ahead", (w) => {
    for (const rel of ["preconnect", "dns-prefetch", "prefetch", "prerender", "modulepreload", "icon", "manifest", "import", "stylesheet"]) {
      leaf(w, "link", ["rel", rel, "href", css(rel), "as", "script", "crossorigin", ""]);
    }
    leaf(w, "html", ["manifest", css("manifest")]);
    leaf(w, "audio", ["src", css("audio"), "autoplay", "", "preload", "auto"]);
    leaf(w, "track", ["src", css("track"), "default", ""]);
    leaf(w, "applet", ["code", css("applet"), "archive", css("archive")]);
    leaf(w, "script", ["type", "speculationrules"], `{"prefetch":[{"urls":["${css("speculation")}"]}]}`);
    leaf(w, "table", ["background", css("table")]);
    leaf(w, "q", ["cite", css("cite")]);
  }),
  page("style sheets that come in shadow roots and frames", (w) => {
    w.element(html, "div", []);
    w.shadow(false);
    leaf(w, "style", []);
    w.sheet(1, evilSheet("adopted"));
    w.adopt(6, [1]);
    w.sheetText(7, evilSheet("shadow"));
    w.up(2);
    w.element(html, "iframe", []);
    w.frameDocument(false);
    w.element(html, "html", []);
    leaf(w, "style", [], evilSheet("text"));
    leaf(w, "link", ["rel", "stylesheet", "href", css("inner")]);
    leaf(w, "img", ["src", css("inner-src")]);
    w.sheetText(11, evilSheet("inner"));
    w.adopt(9, [1]);
    w.sheet(1, evilSheet("redefined"));
  }),
  page("style sheets in pieces that hide each other", (w) => {
    const pieces = [
      ["/*", `" */ body { background: url(${css("comment")}) } /* "`, "*/"], ["a { content: \"\\", `" ; } body { background: url(${css("string")}) } a { content: "`, "\"}"],
      ["body { background: u", `rl(${css("token")}) }`], ["@im", `port "${css("import")}";`], ["body { background: image-set(", `"${css("image-set")}" 1x) }`], evilValues.map((value) => `body { background-image: ${value} }`),
    ];
    pieces.forEach((each, i) => {
      leaf(w, "style", []);
      w.sheetRules(5 + i, 0, 0, 0, each);
    });
    w.sheet(1, "");
    w.adopt(1, [1]);
    for (const each of pieces) w.sheetRules(0, 1, 0, 0, each);
  }),
  frame("rules put into a sheet that is shown", "shown", (w) => {
    body(w);
    leaf(w, "style", []);
    w.sheetRules(5, 0, 0, 0, ["a { color: red }", "b { color: red }"]);
    w.sheet(1, "");
    w.adopt(1, [1]);
    w.sheetRules(0, 1, 0, 0, ["a { color: red }", "b { color: red }"]);
    w.pageEnd();
    for (const value of evilValues) for (const [node, sheet] of [[5, 0], [0, 1]] as const) w.sheetRules(node, sheet, 1, 0, [`body { background-image: ${value} }`]);
    for (const text of [`@import "${css("late-import")}"`, `@import url(${css("late-url")})`, `@font-face { font-family: a; src: url(${css("late-font")}) }`, `body { font-family: a } @import "${css("two")}";`]) w.sheetRules(5, 0, 0, 0, [text]);
  }),
  page("animations", (w) => {
    w.element(html, "div", ["style", "display: block; width: 9px; height: 9px"]);
    w.text("x");
    evilValues.forEach((value, i) => w.animate(i, 5, i % 2 ? "::before" : "", ["offset", "0", "background-image", value, "offset", "1", "backgroundImage", value, "--x", value, "content", value], ["duration", "1e9", "fill", "both"]));
    w.animate(99, 5, "::view-transition", ["offset", "x", "constructor", "y", "__proto__", "z", "filter", `url(${css("filter")}#a)`], ["iterations", "Infinity", "duration", "-1", "easing", `url(${css("easing")})`, "timeline", "scroll 5 block"]);
    w.animate(98, 5, "", ["offset", "0", "filter", `url(${css("filter2")}#a)`, "maskImage", `url(${css("mask")})`, "cursor", `url(${css("cursor")}), auto`], ["timeline", "view 5 inline", "fill", "both"]);
  }),
  page("a link made a style sheet afterwards", (w) => {
    leaf(w, "link", ["href", css("link")]);
    w.setAttribute(5, "rel", "stylesheet");
    w.setAttribute(5, "href", css("link"));
  }),
];

const leading: HostileCase[] = [
  page("meta and base elements", (w) => {
    leaf(w, "meta", ["http-equiv", "refresh", "content", `0;url=${css("refresh")}`]);
    leaf(w, "base", ["href", `${css("base")}/`, "target", "_top"]);
    leaf(w, "meta", ["http-equiv", "Content-Security-Policy", "content", "default-src *"]);
    leaf(w, "a", ["href", "elsewhere"], "relative");
  }),
  page("meta and base elements made afterwards", (w) => {
    leaf(w, "x-meta", ["http-equiv", "refresh", "content", `0;url=${css("refresh2")}`]);
    leaf(w, "meta", []);
    leaf(w, "base", []);
    w.setAttribute(6, "content", `0;url=javascript:${script}`);
    w.setAttribute(6, "http-equiv", "refresh");
    w.setAttribute(7, "href", "https://evil.example/");
    w.move(6, 3, 0);
    w.move(7, 3, 0);
  }),
  page("a frame that is sent elsewhere", (w) => {
    w.element(html, "iframe", ["name", "inner"]);
    w.frameDocument(false);
    w.element(html, "html", []);
    leaf(w, "meta", ["http-equiv", "refresh", "content", `0;url=${css("refresh3")}`]);
    leaf(w, "a", ["href", css("inner-link"), "target", "_parent"], "go");
    leaf(w, "script", [], `parent.location = "${css("location")}"`);
    w.up(2);
    for (const [name, value] of [["src", css("frame-src")], ["srcdoc", "x"], ["sandbox", "allow-scripts allow-top-navigation"], ["name", "x"], ["csp", ""]]) {
      w.setAttribute(5, name!, value!);
    }
    w.removeAttribute(5, "sandbox");
    w.removeAttribute(5, "src");
  }),
  page("addresses written to be misread", (w) => {
    const addresses = [
      "javascript:", "JAVASCRIPT:", "java\nscript:", "\u0000javascript:", "\u00a0javascript:", "javascript\t:", "view-source:javascript:", "vbscript:",
      "feed:javascript:", "jar:javascript:", "data:text/html;base64,", "blob:", "filesystem:", "file:///etc/passwd?", "about:srcdoc#", "//javascript:",
    ];
    for (const address of addresses) {
      leaf(w, "a", ["href", address + script, "target", "_self", "rel", "opener"], "go");
      leaf(w, "area", ["href", address + script], "go");
      leaf(w, "a", ["href", address + script, "xlink:href", address + script], "go", svg);
      leaf(w, "mi", ["href", address + script, "xlink:href", address + script], "go", math);
      leaf(w, "x-link", ["href", address + script, "src", address + script, "data", address + script, "action", address + script]);
    }
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

const clobbering: HostileCase[] = [
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

/** Rules that reach out in every way CSS knows. */
function evilSheet(name: string): string {
  const at = `${css(name)}`;
  return `@charset "x"; @import url(${at}-import); @import "${at}-import2" layer(a) supports(display:block) screen; @\\69mport '${at}-import3';
    @layer b; @import url("${at}-import4"); @namespace url(${at}-namespace); @IMPORT/**/"${at}-import5";
    @font-face{font-family:E;src:url(${at}-font),local(x),url("${at}-font2") format("woff2")} body{font-family:E}
    @font-face{font-family:F;s\\72 c:u\\72l(${at}-font3)} p{font-family:F} @font-face{font-family:G;src:URL(${at}-font4)format('svg')} i{font-family:G}
    @media all{ body::before{content:url(${at}-content)} } @supports (display:block){ body{background:-webkit-image-set(url(${at}-set) 1x)} }
    @counter-style c{system:cyclic;symbols:url(${at}-symbol);suffix:" "} li{list-style:c url(${at}-list)}
    @property --p{syntax:"<image>";inherits:false;initial-value:url(${at}-property)} b{background:var(--p)}
    @keyframes k{from{background:url(${at}-key)}to{background:url(${at}-key2)}} body{animation:k 1ms infinite}
    @page{background:url(${at}-page)} @container (width>0){div{background:url(${at}-container)}} @scope (body){div{background:url(${at}-scope)}}
    body{& div{background:url(${at}-nested)} @starting-style{background:url(${at}-starting)}}
    html{cursor:url(${at}-cursor),auto;--a:url(${at}-var);background:var(--a)}
    body{--b:image-set("${at}-var2" 1x);list-style-image:var(--b);background:var(--b)}
    body{--c:"${at}-var3";background:image-set(var(--c) 1x);background:src(var(--c));background:image(var(--c))}
    div{background:-webkit-cross-fade(url(${at}-fade),url(${at}-fade2),50%);-webkit-mask-box-image:url(${at}-maskbox);-webkit-box-reflect:below 0 url(${at}-reflect)}
    div{offset-path:url(${at}-path#a);clip-path:url(${at}-clip#a);shape-outside:url(${at}-shape);behavior:url(${at}-htc);-moz-binding:url(${at}-xbl#a)}
    div{background:attr(title type(<url>));fill:url(${at}-fill#a);background:url(${at}-mod crossorigin(anonymous))}
    a:hover,body{border-image:url(${at}-border) 1;mask:url(${at}-mask);filter:url(${at}-filter#a)}
    a:visited{background:url(${at}-visited)} input[value^=a]{background:url(${at}-keylog)} ::selection{background:url(${at}-selection)}
    p{background:url(${at}-unclosed`;
}
