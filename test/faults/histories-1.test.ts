/** Generated histories of fleets: this half of them. */
import { it } from 'vitest';
import { liveShare } from './live.js';

it(
  'nothing that works, holds data or is somebody else’s is lost in any life',
  async () => {
    await liveShare(0, 2);
  },
  24 * 3_600_000,
);
