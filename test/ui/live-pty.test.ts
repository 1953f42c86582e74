/** The live view in a real pseudo-terminal: the built program, in a rehearsal, while its terminal has one size and another. */
import { execFileSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasTerminals, keys, startTerminal, type Terminal } from '../commands/up/terminal.js';
import { triesMore } from '../lifecycle/cases.js';
import { builtProgram } from '../world/built-program.js';
import { tempFolder } from '../world/temp-folder.js';
import { emulatedTerminal } from './emulated-terminal.js';

let program = '';

/** `up` of two members; the first line is the terminal's device. */
async function up(columns: number, rows: number): Promise<Terminal> {
  const [home, cwd] = await Promise.all([tempFolder(), tempFolder()]);
  const words = 'up --rehearse --region us-west-2 --vpc karmada-vpc --members 2 --yes --speed 300';
  const command = `sh -c 'tty; exec "${process.execPath}" "${program}" ${words}'`;
  return startTerminal(command, { cwd, columns, rows, env: { KARMADA_EKS_HOME: home } });
}

/** The views that were drawn, each as its lines; ora puts each between these sequences. */
function frames(raw: string): readonly (readonly string[])[] {
  const [, ...begun] = raw.split('\u001B[?2026h');
  return begun.map((text) => {
    const [frame = ''] = text.split('\u001B[?2026l');
    return stripVTControlCharacters(frame).replaceAll('\r', '').trimEnd().split('\n');
  });
}

function widest(lines: readonly string[]): number {
  return Math.max(...lines.map((line) => stringWidth(line)));
}

function showsCursor(raw: string): boolean {
  return raw.lastIndexOf('\u001B[?25h') > raw.lastIndexOf('\u001B[?25l');
}

describe.skipIf(!hasTerminals)('in a terminal (needs `script` of util-linux)', () => {
  beforeAll(async () => {
    program = await builtProgram();
  }, 180_000);

  it.runIf(triesMore)(
    'leaves each finished step once on 40 columns and 16 rows, and nothing of the view',
    async () => {
      const terminal = await up(40, 16);
      expect(await terminal.ended).toBe(0);
      const drawn = frames(terminal.raw());
      expect(drawn.length).toBeGreaterThan(10);
      expect(Math.max(...drawn.map((lines) => lines.length))).toBeLessThanOrEqual(8);
      expect(Math.max(...drawn.map(widest))).toBeLessThan(40);
      const { stream, all } = emulatedTerminal(40, 16);
      stream.write(terminal.raw());
      const left = await all();
      expect(left.filter((line) => /^[✔✖!] /.test(line))).toHaveLength(17);
      expect(left.join('\n')).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]|\d of 17 steps| left$/m);
      expect(showsCursor(terminal.raw())).toBe(true);
    },
    120_000,
  );

  it.runIf(triesMore)(
    'fits into the terminal again when its window is made smaller',
    async () => {
      const terminal = await up(120, 40);
      await terminal.until('/dev/pts/');
      const [device = ''] = /\/dev\/pts\/\d+/.exec(terminal.shown()) ?? [];
      await terminal.until('create EKS cluster karmada-member-1 in us-west-2');
      await terminal.until(' of ~18m');
      execFileSync('stty', ['-F', device, 'cols', '40', 'rows', '12']);
      const before = terminal.raw().length;
      await terminal.until('karmada-member-2');
      expect(await terminal.ended).toBe(0);
      expect(Math.max(...frames(terminal.raw().slice(0, before)).map(widest))).toBeGreaterThan(60);
      // What was on its way when the size changed still has the former width.
      const later = frames(terminal.raw().slice(before)).slice(2);
      expect(later.length).toBeGreaterThan(5);
      expect(Math.max(...later.map(widest))).toBeLessThan(40);
      expect(Math.max(...later.map((lines) => lines.length))).toBeLessThanOrEqual(6);
    },
    120_000,
  );

  it.runIf(triesMore)(
    'shows the cursor again after Ctrl-C',
    async () => {
      const terminal = await up(80, 24);
      await terminal.until(' of ~18m');
      terminal.type(keys.ctrlC);
      await terminal.until('stopping: waiting for what runs');
      terminal.type(keys.ctrlC);
      expect(await terminal.ended).toBe(130);
      expect(showsCursor(terminal.raw())).toBe(true);
    },
    120_000,
  );
});
