/** What another user of the machine sees with `ps`: no secret on any command line, save the one that has no other way in. */
import { expect, it } from 'vitest';
import { redact } from '../../src/logs/redact.js';
import { runCli } from '../../src/main.js';
import type { Account } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import type { ExecRequest } from '../../src/world/exec.js';
import { down, region } from '../lifecycle/fleet.js';
import { mixedMachine, withLaptop } from '../lifecycle/unjoined.js';
import { fakeSurroundings } from '../ui/fake-surroundings.js';

/** Runs it and answers every command that it ran. */
async function commandsOf(account: Account, words: string): Promise<readonly ExecRequest[]> {
  const { world } = connect(account, withLaptop);
  const commands: ExecRequest[] = [];
  const exec: typeof world.exec = async (request) => {
    commands.push(request);
    return await world.exec(request);
  };
  const surroundings = fakeSurroundings(undefined, withLaptop.vars);
  const open = async () => ({ world: { ...world, exec }, onEvent: () => undefined, close: async () => undefined });
  const code = await runCli({ open, surroundings, onStop: () => undefined }, words.split(' '));
  expect(code, surroundings.stderr.text).toBe(0);
  return commands;
}

it('holds no secret but the token of register, which is gone when that has ended', { timeout: 900_000 }, async () => {
  const account = mixedMachine();
  const up = [
    `up --region ${region} --vpc main --yes --member name=own --member name=own-pull,mode=pull`,
    '--member name=adopted,existing=true,mode=pull --member name=laptop,context=laptop',
  ].join(' ');
  const verbs = [up, 'demo --weights 1,1,1,1', 'status', 'kubeconfig --merge', 'unjoin own-pull laptop --yes', down];
  const commands: ExecRequest[] = [];
  for (const words of verbs) commands.push(...(await commandsOf(account, words)));
  const telling = commands.filter(({ args }) => redact(args.join(' ')) !== args.join(' '));
  expect(new Set(telling.map(({ tool, args }) => `${tool} ${args[0]}`))).toEqual(new Set(['kubectl-karmada register']));
  const created = commands.filter(({ args }) => args[0] === 'token' && args[1] === 'create');
  const deleted = commands.filter(({ args }) => args[0] === 'token' && args[1] === 'delete');
  expect([created.length, deleted.length]).toEqual([telling.length, telling.length]);
  expect(created.every(({ args }) => args.includes('--ttl=15m'))).toBe(true);
});

it('finds a secret that is planted on a command line', () => {
  const planted = ['join', 'm', `--token=abcdef.${'0123456789abcdef'}`];
  expect(redact(planted.join(' '))).not.toBe(planted.join(' '));
});
