/** Real randomness. */
import { randomInt } from 'node:crypto';
import type { NewId } from '../new-id.js';

const letters = '0123456789abcdefghijklmnopqrstuvwxyz';

/** 62 bits: among a million fleets, the chance that two are equal is one in nine million. */
export const realNewId: NewId = () =>
  Array.from({ length: 12 }, () => letters.charAt(randomInt(letters.length))).join('');
