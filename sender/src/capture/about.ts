import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import { SecretValue } from "../../../signal/wire/wire.gen.js";
import { prefersDark } from "./input.js";
import type { Privacy } from "./privacy.js";

/** About sends what holds for the page as a whole: URL, title, viewport, the preference for dark pages. */
export class About {
  /** The viewport, or the preference, may be another. Asked without need, the size has the browser lay the page out. */
  sized = false;
  private dark = false;
  private place = "";
  private title = "";

  constructor(
    private readonly writer: FrameWriter,
    private readonly privacy: Privacy,
  ) {}

  /** Begins a page. */
  page(): void {
    this.sized = false;
    this.dark = false;
    this.place = pageURL();
    this.title = this.titleToTell();
    this.writer.page(this.place, this.title, document.compatMode === "BackCompat", ...viewport());
    this.scheme();
  }

  look(): void {
    if (this.sized) {
      this.writer.viewport(...viewport());
      this.scheme();
    }
    this.sized = false;
    const url = pageURL();
    if (url !== this.place) this.writer.location((this.place = url));
    const title = this.titleToTell();
    if (title !== this.title) this.writer.title((this.title = title));
  }

  private scheme(): void {
    const { matches } = window.matchMedia(prefersDark);
    if (matches !== this.dark) this.writer.scheme((this.dark = matches));
  }

  private titleToTell(): string {
    return this.privacy.used && this.privacy.of(document.querySelector("title") ?? document) ? SecretValue : document.title;
  }
}

function viewport(): [number, number, number] {
  return [window.innerWidth, window.innerHeight, Math.round(window.devicePixelRatio * 100)];
}

/** The page's URL without what may be secret in it. */
function pageURL(): string {
  return location.origin + location.pathname;
}
