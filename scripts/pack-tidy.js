/** npm's `postpack`: takes away the lock of the package, which npm would take for that of this folder. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { shrinkwrapName } from './pack-shrinkwrap.js';
import { root } from './run.js';

rmSync(join(root, shrinkwrapName), { force: true });
