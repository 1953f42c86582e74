/** Reads a Dockerfile: its stages, and the instructions of each; only what the one of this repository uses. */

const known = ['ARG', 'FROM', 'RUN', 'COPY', 'WORKDIR', 'USER', 'ENTRYPOINT', 'CMD'];

/**
 * @typedef {{ word: string, rest: string }} Instruction
 * @typedef {{ image: string, name: string | undefined, instructions: Instruction[] }} Stage
 */

/**
 * @param {string} text
 * @returns {Stage[]}
 */
export function stagesOf(text) {
  const args = {};
  const stages = [];
  for (const { word, rest } of instructionsOf(text)) {
    if (!known.includes(word)) throw new Error(`Dockerfile: ${word} is not carried out here`);
    if (word === 'ARG') {
      const [name, value] = rest.split('=');
      args[name] = value;
    } else if (word === 'FROM') {
      const [image, , name] = rest.replaceAll(/\$\{(\w+)\}/g, (_, arg) => args[arg]).split(' ');
      stages.push({ image, name, instructions: [] });
    } else {
      stages.at(-1).instructions.push({ word, rest });
    }
  }
  return stages;
}

/** Lines that end with a backslash go on; comments and empty lines are left out. */
function instructionsOf(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const whole = lines.join('\n').replaceAll('\\\n', ' ');
  return whole.split('\n').map((line) => {
    const [word, ...rest] = line.trim().split(/\s+/);
    return { word, rest: rest.join(' ') };
  });
}

/**
 * The version of Node.js and the release of Debian of an image of Node.js.
 * @param {string} image e.g. `node:22.1.0-bookworm-slim`
 * @returns {{ node: string, debian: string }}
 */
export function baseOf(image) {
  const [, node, debian] = /^node:([\d.]+)-([a-z]+)-slim$/.exec(image) ?? [];
  if (debian === undefined) throw new Error(`Dockerfile: ${image} is not an image of Node.js on Debian`);
  return { node, debian };
}
