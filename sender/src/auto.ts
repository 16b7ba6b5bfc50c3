import { ownBase } from "./load.js";
import { page } from "./page.js";
import { registry } from "./page/registry.js";
import { checkQwelpSessionAutoStart, startQwelpSession } from "./index.js";

export * from "./index.js";

/** The two calls by which a page takes part. */
type Sender = Pick<typeof import("./index.js"), "checkQwelpSessionAutoStart" | "startQwelpSession">;

/** Where a file is, without its version, or one that a page or what made it has added ("?ver=6.4"). */
const unversioned = (url: string): string => url.replace(/[?#].*/, "").replace(/([\da-f]{12}|current)(?=\/[a-z]+\.js$)/, "");

/**
 * The tag by which the app's server put this very file, or the classic loader beside it, into the page. Undefined when the page imported it itself. In a page
 * of another version of the app it names that, and leads here.
 */
function injectedTag(): HTMLScriptElement | undefined {
  const tags = document.querySelectorAll<HTMLScriptElement>("script[src]");
  const own = [import.meta.url, new URL("classic.js", import.meta.url).href].map(unversioned);
  // The file's own URL is the base, since a <base> that came after the tag would change what tag.src says.
  return [...tags].find((tag) => own.includes(unversioned(new URL(tag.getAttribute("src") ?? "", import.meta.url).href)));
}

function settingsOf({ dataset }: HTMLScriptElement): object {
  try {
    return JSON.parse(dataset["qwelpSettings"] || "{}");
  } catch {
    console.warn("qwelp: data-qwelp-settings is not JSON; the defaults are used, and this page is private");
    return { privacy: { default: "private" } };
  }
}

/** The sender to use: this one, or the one at a URL that the app's server has chosen. */
async function senderOf(tag: HTMLScriptElement): Promise<Sender> {
  const elsewhere = tag.dataset["qwelpSender"];
  if (!elsewhere) return { checkQwelpSessionAutoStart, startQwelpSession };
  // Wherever the sender comes from, the session runs over the app's own server.
  registry().base = ownBase();
  return (await import(elsewhere)) as Sender;
}

async function run(): Promise<void> {
  try {
    const tag = injectedTag();
    if (!tag) return;
    registry().path = location.pathname;
    const settings = settingsOf(tag);
    // In a frame nothing is shown by itself: the page around it has its own button, and a session covers its frames.
    if (window !== window.top) return page().join?.(settings);
    const sender = await senderOf(tag);
    await sender.checkQwelpSessionAutoStart(settings);
    sender.startQwelpSession(settings);
  } catch (error) {
    console.warn("qwelp: no support button: the sender cannot be loaded", error);
  }
}

void run();
