import { strings } from "../strings.js";
import { button, el, picture } from "../ui/el.js";

/** What the agent does with the pointer on the customer's page. */
export type Tool = "look" | "laser" | "pen" | "arrow" | "box" | "highlight" | "press";

const icons: Readonly<Record<Tool | "fade" | "show" | "undo" | "clear", string>> = {
  look: "M12 5c5 0 8.500 4 10 7-1.500 3-5 7-10 7s-8.500-4-10-7c1.500-3 5-7 10-7Zm0 2c-3.600 0-6.300 2.600-7.700 5 1.400 2.400 4.100 5 7.700 5s6.300-2.600 7.700-5C18.300 9.600 15.600 7 12 7Zm0 1.800a3.200 3.200 0 1 1 0 6.400 3.200 3.200 0 0 1 0-6.400Z",
  laser: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM11 2h2v4h-2V2Zm0 16h2v4h-2v-4ZM2 11h4v2H2v-2Zm16 0h4v2h-4v-2Z",
  pen: "M16.500 2.800 21.200 7.500 8.200 20.500 2.800 21.200 3.500 15.800 16.500 2.800Zm0 2.900L5.400 16.800l-.3 2.100 2.100-.3L18.300 7.500 16.500 5.700Z",
  arrow: "M12 4h8v8h-2V7.400L5.400 20 4 18.600 16.600 6H12V4Z",
  box: "M3 5h18v14H3V5Zm2 2v10h14V7H5Z",
  highlight: "M3 3h5v2H5v3H3V3Zm13 0h5v5h-2V5h-3V3ZM3 16h2v3h3v2H3v-5Zm16 0h2v5h-5v-2h3v-3ZM7 8h10v8H7V8Z",
  press: "M9 3.500a2 2 0 0 1 4 0V10l5.500 1.200A2 2 0 0 1 20 13.400L18.900 19a3 3 0 0 1-3 2.500h-4a3 3 0 0 1-2.300-1.100L4.500 14a1.800 1.800 0 0 1 2.600-2.400L9 13V3.500ZM5 4h2v5H5V4Zm10 0h2v4h-2V4Z",
  fade: "M12 2v20a10 10 0 0 1 0-20Zm2 1h2v2h-2V3Zm0 4h2v2h-2V7Zm0 4h2v2h-2v-2Zm0 4h2v2h-2v-2Zm0 4h2v2h-2v-2Zm4-13h2v2h-2V6Zm0 4h2v2h-2v-2Zm0 4h2v2h-2v-2Z",
  show: "M12 3 18 9h-4v6h-4V9H6l6-6ZM4 19h16v2H4v-2Z",
  undo: "M8 4v4h6a6 6 0 0 1 0 12H7v-2h7a4 4 0 0 0 0-8H8v4L2 9l6-5Z",
  clear: "M9 3h6l1 2h5v2H3V5h5l1-2ZM5 9h14l-1 12H6L5 9Zm2.200 2 .700 8h8.200l.700-8H7.200Z",
};

/** The tools in their order, with the key of each. */
export const tools: readonly (readonly [Tool, name: string, key: string])[] = [
  ["look", strings.look, "v"], ["laser", strings.laser, "l"], ["pen", strings.pen, "p"], ["arrow", strings.arrow, "a"], ["box", strings.box, "b"], ["highlight", strings.highlight, "h"],
  ["press", strings.askToPress, "k"],
];

/** What the agent does in the toolbar. */
export interface ToolbarEvents {
  choose(tool: Tool): void;
  undo(): void;
  clear(): void;
  /** Has the customer's page scroll to the newest mark. */
  show(): void;
}

/** Toolbar has the tools to point with. Its buttons are one stop of the Tab key, with the arrow keys between them. */
export class Toolbar {
  readonly element: HTMLElement;
  private readonly toggles = new Map<Tool, HTMLButtonElement>();
  private readonly fade = tool("fade", strings.fade, "f");
  private readonly show = tool("show", strings.showMark, "s");
  private readonly undo = tool("undo", strings.undo, "u");
  private readonly clear = tool("clear", strings.clear, "x");
  private may: readonly string[] = [];
  private marks = 0;
  private tool: Tool = "look";

  constructor(private readonly events: ToolbarEvents) {
    for (const [name, label, key] of tools) {
      const toggle = tool(name, label, key);
      toggle.addEventListener("click", () => this.choose(name));
      this.toggles.set(name, toggle);
    }
    this.fade.addEventListener("click", () => this.fade.setAttribute("aria-pressed", String(!this.fades)));
    this.fade.setAttribute("aria-pressed", "false");
    for (const [action, act] of [[this.show, "show"], [this.undo, "undo"], [this.clear, "clear"]] as const) action.addEventListener("click", () => this.marks > 0 && events[act]());
    this.element = el("div", { class: "toolbar", role: "toolbar", "aria-label": strings.tools, "aria-orientation": "vertical" }, ...this.buttons);
    this.element.addEventListener("keydown", (event) => this.move(event));
    this.update();
  }

  /** Whether what is drawn fades when the hand rests. */
  get fades(): boolean {
    return this.fade.getAttribute("aria-pressed") === "true";
  }

  /** Takes over what the customer's page lets this agent do. */
  allow(may: readonly string[]): void {
    this.may = may;
    if (!this.allowed(this.tool)) this.choose("look");
    this.update();
  }

  /** How many own marks there are. */
  count(marks: number): void {
    this.marks = marks;
    this.update();
  }

  choose(tool: Tool): void {
    if (!this.allowed(tool)) return;
    const changed = tool !== this.tool;
    this.tool = tool;
    this.update();
    if (changed) this.events.choose(tool);
  }

  /** Does what a key stands for, unless it is written somewhere. Returns whether there was something. */
  key({ key, ctrlKey, altKey, metaKey, target }: KeyboardEvent): boolean {
    if (ctrlKey || altKey || metaKey || (target instanceof Element && target.closest("input, textarea, select, [contenteditable]"))) return false;
    if (key === "Escape" && this.tool !== "look") {
      this.choose("look");
      return true;
    }
    const pressed = this.buttons.find((each) => each.getAttribute("aria-keyshortcuts") === key.toLowerCase());
    pressed?.click();
    return pressed !== undefined;
  }

  private get buttons(): HTMLButtonElement[] {
    return [...this.toggles.values(), this.fade, this.show, this.undo, this.clear];
  }

  private allowed(tool: Tool): boolean {
    return tool === "look" || this.may.includes(tool);
  }

  private update(): void {
    for (const [name, toggle] of this.toggles) {
      toggle.setAttribute("aria-pressed", String(name === this.tool));
      toggle.setAttribute("aria-disabled", String(!this.allowed(name)));
      toggle.tabIndex = name === this.tool ? 0 : -1;
    }
    for (const action of [this.show, this.undo, this.clear]) action.setAttribute("aria-disabled", String(this.marks === 0));
    for (const action of [this.fade, this.show, this.undo, this.clear]) action.tabIndex = -1;
  }

  private move(event: KeyboardEvent): void {
    const { buttons } = this;
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    buttons[(to + buttons.length) % buttons.length]!.focus();
  }
}

function tool(name: keyof typeof icons, label: string, key: string): HTMLButtonElement {
  const made = button("icon", picture("glyph", 24, icons[name]));
  made.setAttribute("aria-label", label);
  made.setAttribute("aria-keyshortcuts", key);
  made.title = `${label} (${key.toUpperCase()})`;
  return made;
}
