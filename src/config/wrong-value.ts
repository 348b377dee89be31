/** What a reader of one variable throws; loading the environment turns it into a problem at its place. */

/** Why a value cannot be used; the text never repeats a secret. */
export class WrongValue extends Error {}
