/** Lets age compute X25519 without threads, as it does where Node has it not: virtual time would pass meanwhile. */
import { webcrypto } from 'node:crypto';

const { subtle } = webcrypto;
const importKey = subtle.importKey.bind(subtle) as (...args: readonly unknown[]) => Promise<unknown>;

Object.defineProperty(subtle, 'importKey', {
  value: async (...args: readonly unknown[]): Promise<unknown> => {
    const algorithm = args[2] as { readonly name?: string } | undefined;
    if (algorithm?.name === 'X25519') throw new DOMException('not in tests', 'NotSupportedError');
    return await importKey(...args);
  },
});
