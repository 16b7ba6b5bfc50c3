/** The key in localStorage under which it is kept where the customer has put the support button: a corner, and "away" when only its edge is shown. */
export const buttonKey = "qwelp.button";
