/** The real network interfaces of this machine. */
import { networkInterfaces } from 'node:os';
import type { OwnInterfaces } from '../../interfaces.js';

export const realInterfaces: OwnInterfaces = () =>
  Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.flatMap(({ family, internal, address, mac }) =>
      family === 'IPv4' && !internal ? [{ address, mac: mac.toLowerCase() }] : [],
    ),
  );
