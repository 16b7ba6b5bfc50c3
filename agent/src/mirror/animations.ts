import type { Allowance } from "./allowance.js";
import type { Assets } from "./assets.js";
import { safeCSS } from "./css.js";
import { documentOf } from "./dom.js";
import { Refused, type Entry } from "./tree.js";

/** ScrollTimeline and ViewTimeline, which not every browser has. */
type ScrollTimelines = Record<string, (new (options: object) => AnimationTimeline) | undefined>;

/** Animations runs the animations that script has made on the customer's page. */
export class Animations {
  private readonly running = new Map<number, Animation>();

  constructor(private readonly assets: Assets, private readonly allowance: Allowance) {}

  /** Starts an animation anew as it is told, or ends it when there is no entry. find gives what a timeline looks at. */
  tell(number: number, entry: Entry | undefined, pseudo: string, frames: readonly string[], timing: readonly string[], find: (node: number) => Entry): void {
    this.running.get(number)?.cancel();
    this.running.delete(number);
    if (!this.allowance.take(this, "animations", this.running.size + (entry ? 1 : 0)) || !entry) return;
    const element = entry.node as Element;
    const said = Object.fromEntries(pairs(timing));
    try {
      const animation = animate.call(element, this.keyframes(frames), {
        ...Object.fromEntries(measures.filter((name) => name in said).map((name) => [name, measure(said[name]!)])),
        ...Object.fromEntries(words.filter((name) => name in said).map((name) => [name, said[name]])),
        pseudoElement: pseudo || null,
      } as KeyframeAnimationOptions);
      this.running.set(number, animation);
      const [, kind, node, axis] = /^(scroll|view) (\d+) (\w+)$/.exec(said["timeline"] ?? "") ?? [];
      if (kind) animation.timeline = timelineOf(element, kind, find(Number(node)).node as Element, axis!);
      if (said["playbackRate"]) animation.playbackRate = Number(said["playbackRate"]);
      if (said["currentTime"]) animation.currentTime = Number(said["currentTime"]);
      if (said["playState"] === "paused") animation.pause();
    } catch (error) {
      if (error instanceof Refused) throw error;
      // What this browser cannot do is no reason to lose the page.
    }
  }

  private keyframes(names: readonly string[]): Keyframe[] {
    const frames: Record<string, string | number>[] = [];
    for (const [name, value] of pairs(names)) {
      if (name === "offset") frames.push({ offset: Number(value) });
      else if (frames.length > 0) frames[frames.length - 1]![name] = safeCSS(value, this.assets).text;
    }
    return frames;
  }
}

const { animate } = Element.prototype;
const measures = ["delay", "endDelay", "duration", "iterations", "iterationStart"];
const words = ["direction", "fill", "easing", "composite"];

const measure = (value: string): number | string => (isNaN(Number(value)) ? value : Number(value));

function* pairs(list: readonly string[]): Generator<[string, string]> {
  for (let i = 0; i + 1 < list.length; i += 2) yield [list[i]!, list[i + 1]!];
}

function timelineOf(element: Element, kind: string, node: Element, axis: string): AnimationTimeline {
  const view = documentOf(element).defaultView as unknown as ScrollTimelines;
  return kind === "view" ? new view["ViewTimeline"]!({ subject: node, axis }) : new view["ScrollTimeline"]!({ source: node, axis });
}
