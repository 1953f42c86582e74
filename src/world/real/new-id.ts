/** Chance, in its real form. */
import { randomInt } from 'node:crypto';
import type { NewId } from '../new-id.js';

const letters = '0123456789abcdefghijklmnopqrstuvwxyz';

/** 62 bits: of a million fleets two are alike once in nine million times. */
export const realNewId: NewId = () =>
  Array.from({ length: 12 }, () => letters.charAt(randomInt(letters.length))).join('');
