import { ByteReader } from "../../../signal/wire/bytes.js";
import { FrameWriter } from "../../../signal/wire/frame.gen.js";

/** PacedReader reads a frame's operations until its time is up or something has to be waited for, and goes on from there. */
export class PacedReader extends ByteReader {
  private count = 0;
  private held = false;
  deadline = 0;

  /** Ends the run after the operation that is being read. */
  hold(): void {
    this.held = true;
  }

  /** Whether the frame has been read to its end. */
  get done(): boolean {
    return !super.more();
  }

  override more(): boolean {
    if (this.held || (++this.count % 32 === 0 && performance.now() >= this.deadline)) {
      this.held = false;
      return false;
    }
    return super.more();
  }
}

const pageCode = codeOfPage();

/** Reads a frame's number and whether it begins with a page. Throws FrameError. */
export function peek(data: Uint8Array): { readonly seq: number; readonly beginsPage: boolean } {
  const reader = new ByteReader(data);
  const seq = reader.header();
  return { seq, beginsPage: reader.more() && reader.byte() === pageCode };
}

function codeOfPage(): number {
  const writer = new FrameWriter();
  writer.page("", "", false, 0, 0, 0);
  return writer.take()[0]!;
}
