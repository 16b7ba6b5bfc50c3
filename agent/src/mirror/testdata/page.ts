import { FrameWriter } from "../../../../signal/wire/frame.gen.js";
import { NamespaceHTML } from "../../../../signal/wire/wire.gen.js";
import type { EmptyPages } from "../embed.js";
import { Mirror, nothingAround } from "../mirror.js";
import { flag, target, type HostileCase } from "./builder.js";
import { brokenCases, evilCases, largeCases } from "./hostile.js";
import { localFrames } from "./local.js";

/** What a hostile page has led to. */
interface Outcome {
  /** What the mirror did: "shown", "refused" or, when it did neither, "silent". */
  did: string;
  /** What has gone wrong. */
  harm: string[];
}

const patience = 10_000; // ms

const cases = new Map([...evilCases(), ...brokenCases(), ...largeCases()].map((hostile) => [hostile.name, hostile]));

/** The script of the page that the test runs hostile pages in. It is asked by the names below. */
Object.assign(window, {
  evil: () => evilCases().map(described),
  broken: () => brokenCases().map(described),
  large: () => largeCases().map(described),
  run: (name: string, pages: EmptyPages) => run(cases.get(name)!, pages),
  control: (page: string) => control(page),
});

function described({ name, outcome }: HostileCase): Pick<HostileCase, "name" | "outcome"> {
  return { name, outcome };
}

async function run(hostile: HostileCase, pages: EmptyPages): Promise<Outcome> {
  const harm: string[] = [];
  const onError = (event: ErrorEvent): unknown => harm.push(`an error nobody caught: ${event.message}`);
  addEventListener("error", onError);
  const host = document.createElement("div");
  document.body.append(host);
  let did = "";
  let pagesShown = 0;
  const mirror = new Mirror(localFrames(host, pages), pages, {
    page: () => { pagesShown++; did ||= "shown"; },
    info: () => undefined,
    click: () => undefined,
    moved: () => undefined,
    lack: () => undefined,
    resync: (_, frames) => {
      // What is wrong inside a frame is nothing to the page around.
      if (frames.length === 0) did = "refused";
    },
    leave: () => undefined,
  }, nothingAround(() => true));
  for (const frame of hostile.frames()) {
    mirror.receive(frame);
    if (did === "" && hostile.paced) await new Promise((resolve) => setTimeout(resolve));
  }
  await until(() => did !== "");
  if (did === "shown") {
    await frames(2);
    for (const document of documents(host)) everything(document, act);
    await frames(1);
  }
  for (const document of [window.document, ...documents(host)]) {
    if (flag in document.defaultView!) harm.push(`script ran in ${document.URL}`);
    if (document !== window.document && document.URL !== "about:blank" && !Object.values(pages).includes(document.URL.replace(/\?\d+$/, ""))) harm.push(`a frame went to ${document.URL}`);
  }
  if ("polluted" in {} || "x" in {}) harm.push("the prototype of all objects was changed");
  // Whatever it was, the next page of an honest sender is shown.
  const before = pagesShown;
  mirror.receive(honest(hostile.name));
  await until(() => pagesShown > before);
  const shown = host.querySelector("iframe")?.contentDocument?.body.textContent;
  if (shown !== hostile.name) harm.push(`the page after it is not shown, but ${shown}`);
  mirror.clear();
  host.remove();
  removeEventListener("error", onError);
  return { did: did || "silent", harm };
}

/** Does to an element what an agent could. */
function act(element: Element): void {
  if (element instanceof element.ownerDocument.defaultView!.HTMLFormElement) HTMLFormElement.prototype.requestSubmit.call(element);
  element.dispatchEvent(new MouseEvent("mouseover", { bubbles: true, composed: true }));
  element.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true, cancelable: true }));
}

/** Calls what for every element of a document, those in shadow roots among them. */
function everything(root: ParentNode, what: (element: Element) => void): void {
  for (const element of root.querySelectorAll("*")) {
    what(element);
    if (element.shadowRoot) everything(element.shadowRoot, what);
  }
}

function documents(host: Element): Document[] {
  const found: Document[] = [];
  const gather = (frames: Iterable<HTMLIFrameElement>): void => {
    for (const frame of frames) {
      const document = frame.contentDocument;
      if (!document) continue;
      found.push(document);
      everything(document, (element) => element.localName === "iframe" && gather([element as HTMLIFrameElement]));
    }
  };
  gather(host.querySelectorAll("iframe"));
  return found;
}

/** Does what no mirror may, in a page like the mirror's, to show that the test would see it. */
async function control(page: string): Promise<void> {
  const frame = document.createElement("iframe");
  frame.src = page;
  document.body.append(frame);
  await new Promise((resolve) => frame.addEventListener("load", resolve));
  frame.contentDocument!.body.append(Object.assign(new Image(), { src: `${target}/control` }));
  await frames(2);
  frame.remove();
}

function honest(text: string): Uint8Array {
  const w = new FrameWriter();
  w.begin(1);
  w.page("https://shop.example/", "honest", false, 800, 600, 100);
  w.element(NamespaceHTML, "html", []);
  w.element(NamespaceHTML, "body", []);
  w.text(text);
  w.pageEnd();
  return w.take();
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + patience; !condition() && performance.now() < end; ) await new Promise((resolve) => setTimeout(resolve));
}

async function frames(count: number): Promise<void> {
  for (; count > 0; count--) await new Promise(requestAnimationFrame);
}
