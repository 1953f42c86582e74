/** The port to new private keys. */

/** A new key on the curve P-256, as PEM of PKCS#8. A secret. */
export type NewKey = () => string;
