import type { QwelpColorScheme } from "../settings.gen.js";
import { browserColour } from "../page/canvas.js";
import type { Colour } from "./colour.js";

/** What decides between light and dark. */
export interface Around {
  /** What the app says itself. */
  readonly given: QwelpColorScheme | undefined;
  /** The color-scheme of the page: of its root element, or else of its meta element. */
  readonly schemes: string;
  /** The page's background; undefined where it has none of its own. */
  readonly background: Colour | undefined;
  /** Whether the customer prefers dark pages. */
  readonly prefersDark: boolean;
}

/** Whether the dialog is dark: as the page around it is, by CSS Color Adjustment Module Level 1 section 2. */
export function isDark({ given, schemes, background, prefersDark }: Around): boolean {
  if (given) return given === "dark";
  const [light, dark] = [/\blight\b/.test(schemes), /\bdark\b/.test(schemes)];
  if (light || dark) return dark && (!light || prefersDark);
  // A page that says nothing is light, unless it is painted dark.
  return background !== undefined && brightness(background) < 0.4;
}

const brightness = ([red, green, blue]: Colour): number => (0.299 * red + 0.587 * green + 0.114 * blue) / 255;

/** What is around the dialog now. */
export function around(given: QwelpColorScheme | undefined): Around {
  const { documentElement: root, body } = document;
  const style = getComputedStyle(root);
  const stated = style.colorScheme !== "normal" ? style.colorScheme : document.querySelector<HTMLMetaElement>("meta[name=color-scheme i]")?.content;
  // The canvas takes the background of the root element, or else that of the body (CSS Backgrounds and Borders Module Level 3 section 2.11.2).
  const background = [style, ...(body ? [getComputedStyle(body)] : [])].map(({ backgroundColor }) => browserColour(backgroundColor)).find((colour) => colour);
  return { given, schemes: stated ?? "", background, prefersDark: matchMedia("(prefers-color-scheme: dark)").matches };
}
