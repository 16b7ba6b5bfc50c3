/** How long a question must have been there before it can be answered, in milliseconds: nobody agrees to what he has not read. */
const arming = 500;

/** What the customer is asked: about whom, and since when. */
export interface Question {
  /** Tells whom it is about now, at a time in milliseconds. About others it is another question. */
  about(asking: readonly string[], now: number): void;
  /** Whether an answer counts at that time. */
  armed(now: number): boolean;
}

export function createQuestion(): Question {
  let key = "[]";
  let since = Infinity;
  return {
    about(asking, now) {
      const next = JSON.stringify(asking);
      if (next === key) return;
      key = next;
      since = asking.length > 0 ? now : Infinity;
    },
    armed: (now) => now - since >= arming,
  };
}
