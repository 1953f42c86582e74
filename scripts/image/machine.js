/** An image as a folder: carries out one instruction after another as Docker would, by unshare. */
import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../empty-machine/run.js';
import { root as repository } from '../run.js';

/** Where npm of the base image installs programs; that of the stand-in would install them beside its own Node.js. */
const prefix = { npm_config_prefix: '/usr/local' };
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A publisher that cannot be reached from here proves nothing of the step. */
const unreachable = /code: (?:network-unreachable|download-failed)/;

/**
 * @param {string} root
 * @param {{ network: Record<string, string>, from: (name: string) => string }} around how a build reaches the network, and its other stages
 */
export function makeImage(root, { network, from }) {
  let folder = '/';
  let user = '0';
  let entryPoint = [];
  const inside = (argv, { env, offline = false }) => {
    const own = ['--pid', '--fork', '--kill-child', '--mount', '--mount-proc', ...(offline ? ['--net'] : [])];
    const as = user === '0' ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--'];
    const home = user === '0' ? '/root' : '/home/node';
    return run('unshare', [...own, `--root=${root}`, `--wd=${folder}`, ...as, ...argv], {
      env: { PATH: path, HOME: home, ...env },
    });
  };
  const instructions = {
    WORKDIR: async (rest) => {
      folder = rest;
      await mkdir(join(root, folder), { recursive: true });
    },
    USER: async (rest) => {
      user = rest;
    },
    COPY: (rest) => copy(root, folder, rest, from),
    RUN: async (rest) => {
      try {
        await inside(['sh', '-c', rest], { env: { ...network, ...prefix } });
      } catch (thrown) {
        if (unreachable.test(thrown.message)) return 'NOT CARRIED OUT: its server cannot be reached from here';
        throw thrown;
      }
    },
    ENTRYPOINT: async (rest) => {
      entryPoint = JSON.parse(rest);
    },
    CMD: async (rest) => lastLine(await inside([...entryPoint, ...JSON.parse(rest)], { env: {}, offline: true })),
  };
  return {
    carryOut: ({ word, rest }) => instructions[word](rest),
    program: async (argv) => lastLine(await inside(argv, { env: {}, offline: true })),
    entry: async (words) => lastLine(await inside([...entryPoint, ...words], { env: {}, offline: true })),
  };
}

async function copy(root, folder, rest, from) {
  const words = rest.split(' ');
  const stage = /^--from=(.+)$/.exec(words[0] ?? '')?.[1];
  const [target, ...sources] = words.slice(stage === undefined ? 0 : 1).reverse();
  const to = (name) => join(root, target.startsWith('/') ? target : join(folder, target), name);
  if (stage !== undefined) return await cp(join(from(stage), sources[0]), to(''));
  const files = await context();
  for (const source of sources) {
    for (const file of files.filter((each) => source === '.' || each === source || each.startsWith(source))) {
      const name = source.endsWith('/') ? file.slice(source.length) : file;
      await mkdir(dirname(to(name)), { recursive: true });
      await cp(join(repository, file), to(name));
    }
  }
}

/** What Docker is sent: files of the repository that .dockerignore lets through, which begins with `*` and goes on with exceptions. */
async function context() {
  const ignore = (await run('git', ['show', 'HEAD:.dockerignore'], { cwd: repository })).trim().split('\n');
  const kept = ignore.slice(1).map((line) => line.slice(1));
  const files = (await run('git', ['ls-files', '-z'], { cwd: repository })).split('\0');
  return files.filter((file) => kept.some((each) => file === each || file.startsWith(`${each}/`)));
}

function lastLine(text) {
  return text.trimEnd().split('\n').at(-1);
}
