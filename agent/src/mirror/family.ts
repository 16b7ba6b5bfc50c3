import { maxAssetBytes, maxFrames, maxInstances, maxNodes, maxPageBytes, maxRules, maxSteps, maxText } from "./limits.js";

/** What a page takes of what one may have. */
export interface Weight {
  readonly nodes: number;
  /** UTF-16 units. */
  readonly text: number;
  readonly rules: number;
  readonly steps: number;
  /** Elements made of those that are referred to. */
  readonly instances: number;
  /** Of frames; those of images and fonts left out. */
  readonly bytes: number;
  readonly assets: number; // bytes
}

/** A mirror of a page inside a frame. */
export interface Member {
  readonly weight: Weight;
  /** Shows nothing until a new snapshot comes. */
  giveUp(): void;
}

const limits: Weight = { nodes: maxNodes, text: maxText, rules: maxRules, steps: maxSteps, instances: maxInstances, bytes: maxPageBytes, assets: maxAssetBytes };
const kinds = Object.keys(limits) as (keyof Weight)[];

/**
 * Family has the mirrors of all pages that other senders tell of inside the frames of one page, at whatever depth. Together they may have as
 * much as one page, whose own share none of them can take.
 */
export class Family {
  private readonly members = new Set<Member>();

  get full(): boolean {
    return this.members.size >= maxFrames;
  }

  add(member: Member): void {
    this.members.add(member);
  }

  delete(member: Member): void {
    this.members.delete(member);
  }

  /** Gives up the heaviest as long as all together are too heavy: what a small page shows stays, whatever its neighbours do. */
  weigh(): void {
    for (;;) {
      const weights = [...this.members].map((member) => ({ member, weight: member.weight }));
      if (kinds.every((kind) => weights.reduce((sum, { weight }) => sum + weight[kind], 0) <= limits[kind])) return;
      const share = (weight: Weight): number => Math.max(...kinds.map((kind) => weight[kind] / limits[kind]));
      weights.reduce((most, next) => (share(next.weight) > share(most.weight) ? next : most)).member.giveUp();
    }
  }
}
