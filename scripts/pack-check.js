/**
 * `npm run pack:check`: packs the sources in a clean folder, looks at what is in the package, publishes it for show, installs
 * it, and leads a rehearsed fleet through its life with it. `-- --node=20 --node=22` does the last part with these Nodes too.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { ensureInstalled } from './install.js';
import { complaintsAbout, publishWarnings } from './pack-contents.js';
import { installNode } from './pack-nodes.js';
import { root } from './run.js';

const sources = [
  'bin',
  'docs',
  'scripts',
  'src',
  'package.json',
  'package-lock.json',
  'README.md',
  'LICENSE',
  'NOTICE',
];
const settings = ['tsconfig.json', 'tsconfig.build.json', '.npmrc'];
const rehearsed = ['--rehearse', '--speed=600', '--fleet=packed'];
const life = [
  ['up', ...rehearsed, '--region=us-west-2', '--vpc=karmada-vpc', '--members=2', '--yes'],
  ['status', ...rehearsed],
  ['down', ...rehearsed, '--yes', '--confirm=packed'],
];

const run = promisify(execFile);
const { values } = parseArgs({ options: { node: { type: 'string', multiple: true, default: [] } } });
await ensureInstalled();
const folder = await mkdtemp(join(tmpdir(), 'karmada-eks-pack-'));
try {
  await check();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function check() {
  const packed = await pack();
  console.log(`packed: ${packed.files.length} files, ${kb(packed.size)} packed, ${kb(packed.unpackedSize)} unpacked`);
  const tarball = join(folder, packed.filename);
  const installed = join(folder, 'installed');
  const brought = await install(installed, tarball);
  const program = join(installed, 'node_modules', packed.name);
  await lookInto(packed, program);
  await publish(tarball);
  console.log(`installed as ${brought} packages, none of which runs a script to be installed`);
  await npm(['exec', '--no', '--', packed.name, '--help'], installed);
  await live(process.execPath, join(program, 'bin/karmada-eks.js'), packed.version);
  for (const major of values.node) {
    const node = await installNode(major, join(folder, `node-${major}`), npm);
    await live(node, join(program, 'bin/karmada-eks.js'), packed.version);
  }
}

/** Copies what npm needs into a folder where nothing was built before, and packs there. */
async function pack() {
  const clean = join(folder, 'sources');
  await mkdir(clean);
  for (const each of [...sources, ...settings]) await cp(join(root, each), join(clean, each), { recursive: true });
  await symlink(join(root, 'node_modules'), join(clean, 'node_modules'));
  const { stdout } = await npm(['pack', '--json', '--pack-destination', folder], clean);
  return JSON.parse(stdout.slice(stdout.indexOf('[\n')))[0];
}

async function install(into, tarball) {
  await mkdir(into);
  await writeFile(join(into, 'package.json'), '{ "private": true }\n');
  await npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball], into);
  const { packages } = JSON.parse(await readFile(join(into, 'node_modules/.package-lock.json'), 'utf8'));
  const scripted = Object.keys(packages).filter((path) => packages[path].hasInstallScript === true);
  if (scripted.length > 0) throw new Error(`packages that run a script when they are installed: ${scripted}`);
  return Object.keys(packages).length;
}

async function lookInto(packed, program) {
  const { stdout } = await npm(['config', 'get', 'registry'], root);
  const complaints = complaintsAbout(packed, program, [root, folder, homedir(), new URL(stdout.trim()).host]);
  const { publint } = await import('publint');
  const { formatMessage } = await import('publint/utils');
  const { messages, pkg } = await publint({ pkgDir: program, pack: false, strict: true });
  complaints.push(...messages.map((message) => formatMessage(message, pkg)));
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
}

/** All of `npm publish` but the upload. npm warns of what it would change in package.json, and then publishes all the same. */
async function publish(tarball) {
  const { stderr } = await npm(['publish', '--dry-run', '--ignore-scripts', tarball], folder);
  const warnings = publishWarnings(stderr);
  if (warnings.length > 0) throw new Error(warnings.join('\n'));
  console.log('npm publish --dry-run: nothing to correct');
}

/** The life of a fleet with the packed program, by this Node, in an empty home and with no other program at hand. */
async function live(node, program, version) {
  const home = await mkdtemp(join(folder, 'home-'));
  const options = { cwd: home, env: { HOME: home, PATH: dirname(node) } };
  const { stdout: nodeVersion } = await run(node, ['--version'], options);
  const { stdout } = await run(node, [program, '--version'], options);
  if (stdout.trim() !== version) throw new Error(`--version answers ${stdout}`);
  const started = performance.now();
  for (const words of [['--help'], ...life]) await run(node, [program, ...words], options);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`Node ${nodeVersion.trim()}: --version, --help, up, status and down of a rehearsed fleet, ${seconds} s`);
}

function npm(args, cwd) {
  const path = process.env.npm_execpath;
  const [program, ...before] = path?.endsWith('.js') ? [process.execPath, path] : ['npm'];
  return run(program, [...before, ...args], { cwd, maxBuffer: 64_000_000 });
}

function kb(bytes) {
  return `${Math.round(bytes / 1000)} kB`;
}
