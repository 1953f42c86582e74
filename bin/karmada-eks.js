#!/usr/bin/env node
/* Refuses a Node that is too old with one clear line, then starts the program; in syntax that an old Node can read. */
var version = process.versions.node.split('.').map(Number);
if (version[0] < 20 || (version[0] === 20 && version[1] < 17)) {
  console.error('karmada-eks needs Node.js 20.17 or newer; this is ' + process.versions.node);
  process.exitCode = 2;
} else {
  void import('../dist/main.js').then((program) => program.main());
}
