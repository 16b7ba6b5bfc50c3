/**
 * FocusKeeper knows where the agent's focus is. Opening a dialog or selecting text in the customer's page moves it there, which must not
 * take it from a control of the console.
 */
export class FocusKeeper {
  private control: HTMLElement | undefined; // of the console, that has it

  /** page is the element that shows the customer's page; moved is called with whether no control has the focus. */
  constructor(
    private readonly page: () => HTMLElement | undefined,
    private readonly moved: (may: boolean) => void,
  ) {
    for (const type of ["focusin", "focusout"]) document.addEventListener(type, () => setTimeout(() => this.look()));
    for (const type of ["focus", "blur"]) window.addEventListener(type, () => setTimeout(() => this.look()));
  }

  /** Whether the customer's page has it. */
  get isInPage(): boolean {
    return document.activeElement !== null && document.activeElement === this.page();
  }

  /** Looks where it is. */
  look(): void {
    const active = document.activeElement as HTMLElement | null;
    if (this.isInPage && this.control?.isConnected) {
      this.control.focus({ preventScroll: true });
      return;
    }
    this.control = !active || active === document.body || this.isInPage ? undefined : active;
    this.moved(!this.control);
  }
}
