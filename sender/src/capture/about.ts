import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import { SecretValue } from "../../../signal/wire/wire.gen.js";
import { withoutParameters } from "./addresses.js";
import { features } from "./input.js";
import type { Part } from "./part.js";
import type { Privacy } from "./privacy.js";

const longest = 1_000; // UTF-16 units of a title or URL
const bars = 24; // pixels, more than scroll bars take

/** About sends what holds for the page as a whole: URL, title, viewport, what part of it is seen, media features. */
export class About implements Part {
  /** The viewport, or what media queries ask for, may be another. Asked without need, the size has the browser lay the page out. */
  sized = false;
  private url = "";
  private place = "";
  private title = "";

  constructor(
    private readonly writer: FrameWriter,
    private readonly privacy: Privacy,
  ) {}

  reset(): void {
    this.sized = false;
  }

  /** Begins a page. */
  page(): void {
    this.url = document.URL;
    this.place = pageURL();
    this.title = this.titleToTell();
    this.writer.page(this.place, this.title, document.compatMode === "BackCompat", ...viewport());
    this.device();
  }

  look(): void {
    if (this.sized) {
      this.writer.viewport(...viewport());
      this.device();
    }
    this.sized = false;
    if (document.URL !== this.url) this.moved();
    const title = this.titleToTell();
    if (title !== this.title) this.writer.title((this.title = title));
  }

  private moved(): void {
    this.url = document.URL;
    const place = pageURL();
    if (place !== this.place) this.writer.location((this.place = place));
  }

  private device(): void {
    const { visualViewport: part, innerWidth, innerHeight } = window;
    const { offsetLeft: x, offsetTop: y, width, height } = part!;
    if (width + bars > innerWidth && height + bars > innerHeight) this.writer.visual(0, 0, 0, 0);
    else this.writer.visual(x, y, width, height);
    this.writer.features([...features.filter((feature) => matchMedia(`(${feature})`).matches), `device-width: ${screen.width}`]);
  }

  private titleToTell(): string {
    return this.privacy.used && this.privacy.of(document.querySelector("title") ?? document) ? SecretValue : document.title.slice(0, longest);
  }
}

function viewport(): [number, number, number] {
  return [window.innerWidth, window.innerHeight, Math.round(window.devicePixelRatio * 100)];
}

/** The page's URL without what may be secret in it. */
function pageURL(): string {
  return (location.origin + withoutParameters(location.pathname)).slice(0, longest);
}
