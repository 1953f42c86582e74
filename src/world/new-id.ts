/** The port to chance: what must not be met twice by accident is made here. */

/** Twelve lower-case letters and digits, which nobody made before; each call answers others. */
export type NewId = () => string;
