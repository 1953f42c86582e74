/** The port to randomness: values that must never repeat by accident are generated here. */

/** Twelve lower-case letters and digits, unique for every call. */
export type NewId = () => string;
