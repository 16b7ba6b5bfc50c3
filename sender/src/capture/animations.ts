import { each } from "../platform/lists.js";
import type { Captured } from "./rare.js";

/** ScrollTimeline and ViewTimeline, which not every browser has. */
interface ScrollDriven {
  readonly source?: Element | null;
  readonly subject?: Element | null;
  readonly axis: string;
}

interface Told {
  readonly id: number;
  text: string;
}

/**
 * Animations sends the animations that script has made, and those of style sheets that script has got hold of: no attribute and no rule tells
 * of them. The mirror runs them itself.
 */
export class Animations {
  private readonly known = new Map<Animation, Told>();
  private readonly held = new WeakSet<Animation>();
  private last = 0;

  constructor(private readonly captured: Pick<Captured, "writer" | "tree" | "privacy" | "assets">) {}

  reset(): void {
    this.known.clear();
  }

  /** Script has done something to an animation, if that is what it is. */
  touched(by: unknown): void {
    if (by && typeof by === "object" && "playState" in by) this.held.add(by as Animation);
  }

  look(roots: Iterable<Document | ShadowRoot>): void {
    const all = new Set<Animation>();
    for (const root of roots) for (const animation of root.getAnimations?.() ?? []) if (this.concerns(animation)) all.add(animation);
    for (const animation of all) this.tell(animation);
    for (const [animation, { id }] of this.known) {
      if (all.has(animation)) continue;
      this.known.delete(animation);
      this.captured.writer.animate(id, 0, "", [], []);
    }
  }

  private concerns(animation: Animation): boolean {
    const { target, pseudoElement } = (animation.effect ?? {}) as KeyframeEffect;
    // What sheets say, the mirror does too. A view transition ends in what the document says.
    if ((("animationName" in animation || "transitionProperty" in animation) && !this.held.has(animation)) || /^::view/.test(pseudoElement ?? "")) return false;
    return !!target && !!this.captured.tree.id(target) && !this.captured.privacy.now(target);
  }

  private tell(animation: Animation): void {
    const { writer, tree, assets } = this.captured;
    const effect = animation.effect as KeyframeEffect;
    const { target, pseudoElement, composite } = effect;
    const frames: string[] = [];
    for (const { offset: _, computedOffset, ...frame } of effect.getKeyframes()) {
      frames.push("offset", String(computedOffset));
      for (const [name, value] of Object.entries(frame)) {
        if (value == null) continue;
        if (/^(easing|composite)$/.test(name)) {
          frames.push(name, String(value));
          continue;
        }
        // As a declaration, since words are looked for by its name.
        const property = `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}:`;
        const sent = assets.rewrite(property + String(value), target!.baseURI, target!, true).slice(property.length);
        if (sent) frames.push(name, sent);
      }
    }
    const { playState, playbackRate, startTime, currentTime } = animation;
    const timing: string[] = each(Object.entries({ ...effect.getTiming(), composite, playbackRate, playState }), ([name, value]) => [name, String(value)]);
    const { source, subject, axis } = (animation.timeline ?? {}) as ScrollDriven;
    if (axis) timing.push("timeline", `${subject ? "view" : "scroll"} ${tree.id(subject ?? source ?? null)} ${axis}`);
    // As long as it runs, or has run, from the same moment on, its time goes on by itself.
    const goesOn = startTime !== null && playState !== "paused";
    const now = JSON.stringify([tree.id(target), pseudoElement, frames, goesOn ? timing.filter((each) => each !== playState) : timing, goesOn ? String(startTime) : String(currentTime)]);
    const told = this.known.get(animation) ?? { id: ++this.last, text: "" };
    if (told.text === now) return;
    told.text = now;
    this.known.set(animation, told);
    if (currentTime !== null && !axis) timing.push("currentTime", String(currentTime));
    writer.animate(told.id, tree.id(target), pseudoElement ?? "", frames, timing);
  }
}
