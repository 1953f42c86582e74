/** No list of source ranges is written that is empty, which Kubernetes takes for everybody. */
import { expect, it } from 'vitest';
import { makeClients } from '../../../src/clients/clients.js';
import { fleetPaths } from '../../../src/fleet/paths.js';
import { resolveFleet } from '../../../src/fleet/resolve.js';
import { limitedRanges, nobody } from '../../../src/model/api-access.js';
import type { Facts } from '../../../src/model/facts.js';
import { newAccount } from '../../../src/rehearsal/account.js';
import { connect } from '../../../src/rehearsal/machine/connect.js';
import { createContext } from '../../../src/steps/context.js';
import { exposeApi } from '../../../src/steps/load-balancer/expose-api.js';
import { limitAccess } from '../../../src/steps/load-balancer/limit-access.js';
import type { Command } from '../../../src/world/exec.js';

const context = { signal: new AbortController().signal, say: () => undefined, mustBeAgreed: () => undefined };

/** A fleet that admits nobody, in whose parent there is `service`; `ran` are the commands that are not reads. */
function site(service: object | undefined) {
  const { world } = connect(newAccount());
  const ran: Command[] = [];
  const exec: typeof world.exec = async (request) => {
    if (!request.args.includes('get')) ran.push(request);
    return { kind: 'exited', code: 0, stdout: service === undefined ? '' : JSON.stringify(service), stderr: '' };
  };
  const clients = makeClients({ ...world, exec }, { signal: context.signal });
  const fleet = resolveFleet({ fleet: 'karmada', region: 'us-west-2', vpc: 'main', members: [] });
  const paths = fleetPaths('/data', { name: 'karmada', region: 'us-west-2', account: '111122223333' });
  const caller = { account: '111122223333', arn: 'arn:aws:iam::111122223333:user/you', partition: 'aws' };
  const facts: Facts = {
    caller,
    ownership: new Map(),
    kubernetesVersion: '1.35',
    volumeKey: undefined,
    kubernetesSupport: 'standard',
    karmadaVersion: '1.18.2',
    access: nobody,
    networks: new Map(),
    warnings: [],
  };
  return { site: createContext({ fleet, clients, paths }, facts), ran };
}

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'x', annotations: { 'karmada-eks/access': '{"base":[],"members":{"a":["192.0.2.1/32"]}}' } },
  spec: { loadBalancerSourceRanges: ['192.0.2.1/32'] },
};
const refusal = { code: 'access-unlimited', message: 'nobody could reach the Karmada API any more' };

it('refuses an access of nobody', () => {
  expect(() => limitedRanges(nobody)).toThrow(expect.objectContaining(refusal));
});

it('expose-api refuses it when it looks and when it writes', async () => {
  const { site: empty, ran } = site(undefined);
  const step = exposeApi(empty);
  expect(await step.check(context)).toMatchObject({ state: 'blocked', problem: refusal });
  await expect(step.apply(context)).rejects.toMatchObject(refusal);
  expect(ran).toEqual([]);
});

it('limit-access shows the command with which it writes them', () => {
  const { site: there } = site(service);
  const { commands } = limitAccess(there, () => nobody).preview();
  expect(commands.map(({ args }) => args.at(-1))).toEqual(['--patch={"spec":{"loadBalancerSourceRanges":["<CIDR>"]}}']);
  expect(limitAccess(there, () => nobody, false).preview()).toEqual({ changes: [], commands: [] });
});

it('limit-access refuses it when it is planned, when it looks and when it writes', async () => {
  const { site: there, ran } = site(service);
  const step = limitAccess(there, () => nobody);
  expect(await step.preflight?.(context)).toMatchObject(refusal);
  expect(await step.check(context)).toMatchObject({ state: 'blocked', problem: refusal });
  await expect(step.apply(context)).rejects.toMatchObject(refusal);
  expect(ran).toEqual([]);
});
