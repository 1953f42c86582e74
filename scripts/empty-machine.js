/**
 * `npm run empty-machine`: a fresh clone of HEAD on a new Debian that has git and Node.js and nothing else, used by an
 * ordinary user with an empty home as the README says. `-- --node=22` takes another Node than this one; `-- test/cli` only
 * these tests. Everything happens in namespaces of its own, so nothing of it can outlive this script but one folder.
 */
import { enter } from './empty-machine/enter.js';

await enter('empty-machine', new URL('empty-machine/inside.js', import.meta.url));
