import { attribute } from "./dom.js";
import { excess, referencesOf } from "./instances.js";
import { maxSteps } from "./limits.js";
import type { Rule } from "./rules.js";
import type { Sheets, Sheet } from "./sheets.js";
import { survey, type Looks, type Styles, type Surveyed } from "./survey.js";
import type { Entry, Tree } from "./tree.js";

const often = 20; // changes that are looked at at once, at most

/**
 * Bounds sees to it that a page costs the agent's browser no more than a second or so, whatever it is made of: rules that take too long, and what is
 * shown too often by what refers to it, are left out. Looking through a page takes as long as building it, so that it is done when enough has changed.
 */
export class Bounds {
  private readonly referring = new Set<Element>();
  private readonly ids = new Map<string, Set<Entry>>();
  private readonly idOf = new Map<Entry, string>();
  private readonly banned = new Set<string>();
  private last: Surveyed<Sheet> | undefined;
  private room = 0; // steps that may come until the page is looked through again
  private referred = true; // something may be referred to otherwise than it was

  /** Elements that browsers make of those that are referred to. */
  instances = 0;

  /** beyond is called when something is left out. */
  constructor(
    private readonly tree: Tree,
    private readonly sheets: Sheets,
    private readonly beyond: () => void,
  ) {}

  /** Steps that the page takes. */
  get steps(): number {
    return this.last?.steps ?? 0;
  }

  /** An element has come, or one of its attributes is another. */
  changed(element: Element, entry: Entry | undefined): void {
    this.room -= this.last?.perElement ?? 0;
    const refers = referencesOf(element as Looks).length > 0;
    if (refers) this.referring.add(element);
    else this.referring.delete(element);
    if (entry) this.name(entry, element);
    this.referred ||= refers || element.namespaceURI === svg;
  }

  /** Rules have come. */
  rules(rules: readonly Rule[]): void {
    for (const { steps, selectors } of rules) this.room -= (this.last?.elements ?? 0) * (steps + often * (1 + selectors.length / 10));
  }

  /** Something is elsewhere. */
  moved(): void {
    this.room -= this.last?.perElement ?? 0;
    this.referred = true;
  }

  forget(entry: Entry): void {
    this.referring.delete(entry.node as Element);
    const id = this.idOf.get(entry);
    if (id !== undefined) this.ids.get(id)?.delete(entry);
    this.idOf.delete(entry);
  }

  /** Leaves out what is too much. */
  check(): void {
    if (this.room < 0 || !this.last) this.look();
    if (!this.referred) return;
    this.referred = false;
    const { refs } = this.last!;
    this.instances = 0;
    if (this.referring.size === 0 && refs.times.size === 0) return;
    const { out, made } = excess((id) => this.ids.get(id) ?? [], this.referring as Set<unknown> as Set<Looks>, refs);
    this.instances = made;
    for (const id of out) this.ban(id);
  }

  private look(): void {
    const sheets = this.sheets.styles(this.tree.root);
    this.last = survey(this.tree.root, sheets, this.tree.text, (styles, rule) => holds(styles, rule));
    this.referred ||= this.last.refs.times.size > 0;
    let { steps } = this.last;
    if (this.last.tooMuch.size > 0) {
      this.sheets.leaveOut(this.last.tooMuch);
      this.beyond();
      steps = maxSteps / 2;
    }
    this.room = Math.max(maxSteps / 20, maxSteps - steps);
  }

  private name(entry: Entry, element: Element): void {
    if (element.namespaceURI !== svg) return;
    const id = element.getAttribute("id");
    const before = this.idOf.get(entry);
    if (id === null ? before === undefined : id === before) return;
    if (before !== undefined) this.ids.get(before)?.delete(entry);
    this.idOf.delete(entry);
    if (id === null) return;
    if (this.banned.has(id)) {
      attribute(element, null, "id", undefined);
      return;
    }
    this.idOf.set(entry, id);
    const same = this.ids.get(id);
    if (same) same.add(entry);
    else this.ids.set(id, new Set([entry]));
  }

  /** What has no id is not referred to. */
  private ban(id: string): void {
    this.banned.add(id);
    for (const entry of this.ids.get(id) ?? []) {
      attribute(entry.node as Element, null, "id", undefined);
      this.idOf.delete(entry);
    }
    if (this.ids.delete(id)) this.beyond();
  }
}

const svg = "http://www.w3.org/2000/svg";

/** For how many elements a rule holds, pseudo-elements counted as what they are of. */
function holds({ scope }: Styles<Sheet>, rule: Rule): number {
  if (rule.around) return Infinity;
  try {
    return (scope.node as ParentNode).querySelectorAll(rule.selectors.replace(/::[-\w]+(?:\([^()]*\))?/g, "") || "*").length;
  } catch {
    return Infinity;
  }
}
