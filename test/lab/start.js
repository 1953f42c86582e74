/** `npm run lab:start`: sets up what is missing, starts the lab, and says how to use and to stop it. */
import * as lab from './machine.js';

const why = lab.whyNot();
if (why === undefined) {
  lab.setUp();
  lab.start();
  console.log('The lab runs. In a shell that is to use it: eval "$(test/lab/lab env)"');
  console.log('Its end: npm run lab:stop');
} else {
  console.error(`lab: ${why}`);
  process.exitCode = 1;
}
