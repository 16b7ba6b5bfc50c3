import { FrameWriter } from "../../../../signal/wire/frame.gen.js";
import { NamespaceHTML } from "../../../../signal/wire/wire.gen.js";

/** Frames no honest sender makes. They begin with a page, so that they count whatever came before. */
export interface HostileCase {
  readonly name: string;
  /** The frames, one by one: some are too large to be kept. */
  frames(): Iterable<Uint8Array<ArrayBuffer>>;
  /** Whether the mirror is given time between them. */
  readonly paced?: boolean;
  /** What the mirror must do: ask for a new snapshot, or show the page without what is evil in it. */
  readonly outcome: "refused" | "shown";
}

/** Where evil requests would go, on the server that serves the console, so that no policy against other sites hides them. */
export const target = "/stolen";
/** What evil script would set on every window it reaches. */
export const flag = "pwned";
export const script = `for (const w of [self, parent, top]) w.${flag} = true`;

export const html = NamespaceHTML;

/** A frame that begins with a page of this name, and goes on with what write makes. */
export function frame(name: string, outcome: HostileCase["outcome"], write: (w: FrameWriter) => void): HostileCase {
  return { name, outcome, frames: () => [begin(name, write).take()] };
}

/** A page whose body is what write makes; html, head and body are nodes 2, 3 and 4, the next is 5. */
export function page(name: string, write: (w: FrameWriter) => void, outcome: HostileCase["outcome"] = "shown"): HostileCase {
  return frame(name, outcome, (w) => {
    body(w);
    write(w);
    w.pageEnd();
  });
}

/** A page that takes count further frames, which write makes, before it ends. */
export function longPage(name: string, outcome: HostileCase["outcome"], count: number, write: (w: FrameWriter, i: number) => void): HostileCase {
  return {
    name,
    outcome,
    paced: true,
    *frames() {
      const w = begin(name, body);
      yield w.take();
      for (let i = 0; i < count; i++) {
        w.begin(i + 2);
        write(w, i);
        yield w.take();
      }
      w.begin(count + 2);
      w.pageEnd();
      yield w.take();
    },
  };
}

export function leaf(w: FrameWriter, name: string, attributes: string[], text = "", namespace = html): void {
  w.element(namespace, name, attributes);
  if (text) w.text(text);
  w.up(1);
}

function begin(name: string, write: (w: FrameWriter) => void): FrameWriter {
  const w = new FrameWriter();
  w.begin(1);
  w.page("https://shop.example/", name, false, 800, 600, 100);
  write(w);
  return w;
}

export function body(w: FrameWriter): void {
  w.element(html, "html", []);
  w.element(html, "head", []);
  w.up(1);
  w.element(html, "body", []);
}
