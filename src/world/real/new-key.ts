/** Real private keys. */
import { generateKeyPairSync } from 'node:crypto';
import type { NewKey } from '../new-key.js';

export const realNewKey: NewKey = () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
};
