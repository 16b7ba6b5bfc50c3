/** How long a question must have been there before it can be answered, in milliseconds: nobody agrees to what he has not read. */
const arming = 500;

/** What the customer is asked: about whom, and since when. */
export interface Question {
  /** Takes whom it is about now, at a time in milliseconds. About others it is another question. Returns the milliseconds until that can be answered; 0 when it is the same. */
  about(asking: readonly string[], now: number): number;
  /** Whether an answer counts at that time. */
  armed(now: number): boolean;
}

export function createQuestion(): Question {
  let key = "[]";
  let since = Infinity;
  return {
    about(asking, now) {
      const next = JSON.stringify(asking);
      if (next === key) return 0;
      key = next;
      since = asking.length > 0 ? now : Infinity;
      return asking.length > 0 ? arming : 0;
    },
    armed: (now) => now - since >= arming,
  };
}
