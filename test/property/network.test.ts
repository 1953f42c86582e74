/** What discovery makes of any VPC at all: a network that is right, or every reason why there is none. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeClients } from '../../src/clients/clients.js';
import { problemsIn } from '../../src/errors/diagnostic.js';
import { Problem } from '../../src/errors/problem.js';
import type { Checked, Network } from '../../src/model/facts.js';
import { findNetwork } from '../../src/preflight/network/network.js';
import { type Account, newAccount, restore, snapshot } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import type { SubnetState } from '../../src/rehearsal/state.js';
import { ownRegion } from '../../src/world/place.js';
import { runs } from './runs.js';
import { build, layouts, region, reordered } from './vpcs.js';

const spec = {
  ...ownRegion(region),
  vpc: 'main',
  holdsNew: true,
  instanceTypes: ['m5.large'],
  needsPublicSubnet: true,
} as const;

function judged(account: Account): Promise<Checked<Network>> {
  return findNetwork(makeClients(connect(account).world), spec);
}

const zonesOf = (subnets: readonly { readonly zone: string }[]) => [...new Set(subnets.map(({ zone }) => zone))].sort();
const ids = (subnets: readonly { readonly id: string }[]) => subnets.map(({ id }) => id);

/** The whole answer as plain data. */
function told({ found, diagnostics }: Checked<Network>): unknown {
  return { found, diagnostics: diagnostics.map(({ code, what, why, next }) => ({ code, what, why, next })) };
}

it('finds a network in a VPC exactly when it can hold a fleet, and takes only what is of use', async () => {
  const property = fc.asyncProperty(layouts, async (layout) => {
    const account = newAccount();
    const { vpc, usable } = build(account, layout);
    const { found, diagnostics } = await judged(account);
    const problems = problemsIn(diagnostics);
    const isPrivate = zonesOf(usable.private).length >= 2;
    const nodes = isPrivate ? usable.private : usable.public;
    const givesAddresses = zonesOf(usable.public.filter(({ mapPublicIp }) => mapPublicIp));
    const isGood =
      layout.dns &&
      zonesOf(nodes).length >= 2 &&
      usable.public.length > 0 &&
      (isPrivate || givesAddresses.length === zonesOf(usable.public).length);
    expect(problems.every((each) => each instanceof Problem && each.code === 'vpc-unusable')).toBe(true);
    expect(problems.length === 0).toBe(isGood);
    expect(found !== undefined).toBe(isGood);
    if (found === undefined) return;
    expect(found).toMatchObject({ vpcId: vpc.id, region, nodesArePrivate: isPrivate });
    for (const kind of ['public', 'private'] as const) {
      expect(found[kind].map(({ zone }) => zone)).toEqual(zonesOf(usable[kind]));
      expect(ids(usable[kind])).toEqual(expect.arrayContaining(ids(found[kind])));
    }
  });
  await fc.assert(property, runs(400));
});

it('takes in each zone the subnet with most room', async () => {
  const property = fc.asyncProperty(layouts, async (layout) => {
    const account = newAccount();
    const { usable } = build(account, layout);
    const { found } = await judged(account);
    for (const kind of ['public', 'private'] as const) {
      for (const taken of found?.[kind] ?? []) {
        const isRival = ({ zone, mapPublicIp }: SubnetState) =>
          zone === taken.zone && (kind === 'private' || mapPublicIp === taken.mapPublicIp);
        const rivals = usable[kind].filter(isRival).map(({ freeAddresses }) => freeAddresses);
        expect(taken.freeAddresses).toBe(Math.max(...rivals));
      }
    }
  });
  await fc.assert(property, runs(200));
});

it('answers the same of the same VPC, in whatever order EC2 lists its parts', async () => {
  const orders = fc.array(fc.nat(), { minLength: 1, maxLength: 20 });
  const others = fc.array(layouts, { maxLength: 2 });
  const property = fc.asyncProperty(layouts, others, fc.boolean(), orders, async (layout, more, twins, order) => {
    const account = newAccount();
    for (const [index, each] of more.entries()) build(account, each, twins ? 'main' : `other-${index}`);
    build(account, layout);
    const shuffled = restore(snapshot(account));
    reordered(shuffled, order);
    expect(told(await judged(shuffled))).toEqual(told(await judged(account)));
  });
  await fc.assert(property, runs(300));
});

it('takes nothing of another VPC, and refuses a name that several have', async () => {
  const property = fc.asyncProperty(layouts, layouts, fc.boolean(), async (layout, other, twins) => {
    const account = newAccount();
    build(account, other, twins ? 'main' : 'other');
    const { vpc, subnets } = build(account, layout);
    const { found, diagnostics } = await judged(account);
    const problems = problemsIn(diagnostics);
    if (twins) {
      expect(problems.map(({ code }) => code)).toEqual(['vpc-ambiguous']);
      return;
    }
    expect(found?.vpcId ?? vpc.id).toBe(vpc.id);
    expect(ids(subnets)).toEqual(expect.arrayContaining(ids([...(found?.public ?? []), ...(found?.private ?? [])])));
  });
  await fc.assert(property, runs(200));
});
