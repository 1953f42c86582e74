/**
 * `npm run image:check`: lints the Dockerfile and carries out its steps, without Docker: on an empty Debian with the Node.js of
 * its base image, in namespaces of its own. `-- --lint` lints only.
 */
import { enter } from './empty-machine/enter.js';
import { lint } from './image/lint.js';

await lint();
if (!process.argv.includes('--lint')) await enter('image:check', new URL('image/inside.js', import.meta.url));
