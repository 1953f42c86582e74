/** What the tools print in a rehearsed life of a fleet: the outputs that generated ones are bent from. */
import { expect } from 'vitest';

import { runCli } from '../../src/main.js';
import { newAccount, snapshot } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import type { Exec, ToolName } from '../../src/world/exec.js';
import { region, smallUp } from '../lifecycle/fleet.js';
import { fakeSurroundings } from '../ui/fake-surroundings.js';

/** A fleet that came up, and what was heard meanwhile. */
export interface Life {
  /** Every different output of every tool; long ones are left out. */
  readonly outputs: Readonly<Record<ToolName, readonly string[]>>;
  /** The account with the fleet in it, as text. */
  readonly account: string;
}

/** A fleet comes up and is asked for its status. */
export async function rehearsedLife(): Promise<Life> {
  const heard: Record<ToolName, Set<string>> = {
    eksctl: new Set(),
    kubectl: new Set(),
    'kubectl-karmada': new Set(),
    aws: new Set(),
  };
  const account = newAccount();
  addVpc(account, { region, name: 'main' });
  for (const words of [smallUp, 'status', 'status -o json']) {
    const { world } = connect(account);
    const exec: Exec = async (request) => {
      const result = await world.exec(request);
      const texts = result.kind === 'not-found' ? [] : [result.stdout, result.stderr];
      for (const text of texts) if (text !== '' && text.length < 20_000) heard[request.tool].add(text);
      return result;
    };
    const surroundings = fakeSurroundings();
    const open = async () => ({ world: { ...world, exec }, onEvent: () => undefined, close: async () => undefined });
    const code = await runCli({ open, surroundings, onStop: () => undefined }, words.split(' '));
    expect(code, surroundings.stderr.text).toBe(0);
  }
  const outputs = {
    eksctl: [...heard.eksctl],
    kubectl: [...heard.kubectl],
    'kubectl-karmada': [...heard['kubectl-karmada']],
    aws: [...heard.aws],
  };
  return { outputs, account: snapshot(account) };
}
