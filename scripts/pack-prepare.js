/** npm's `prepack`: the program built into an empty `dist`, the notices of what it depends on, and their lock. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './install.js';
import { thirdPartyNotices } from './pack-notices.js';
import { shrinkwrap, shrinkwrapName } from './pack-shrinkwrap.js';
import { root, runNode } from './run.js';

await ensureInstalled();
// A file whose source is gone would be packed for ever.
rmSync(join(root, 'dist'), { recursive: true, force: true });
process.exitCode = await runNode(['scripts/build.js']);
writeFileSync(join(root, 'THIRD_PARTY_NOTICES.txt'), thirdPartyNotices());
writeFileSync(join(root, shrinkwrapName), shrinkwrap());
