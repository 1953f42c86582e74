/** Records that lead names of the user's to the load balancer of the Karmada API. */

import {
  type AliasTarget,
  type ApiRecord,
  changesToLead,
  changesToRemove,
  isLeading,
  isMovedFrom,
  readApiRecord,
  zonesFor,
  zonesToUse,
} from '../../access/api-record.js';
import { findLoadBalancer, loadBalancerName } from '../../access/load-balancer.js';
import { balancerZone } from '../../aws/elb/load-balancers.js';
import { changeRecords, isServed, vpcsOf, type ZoneChange } from '../../aws/route53.js';
import type { CallContext, Step, StepState } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { apiNamesOf, clustersOf } from '../../fleet/fleet.js';
import { networkOf } from '../../model/facts.js';
import { type CreateContext, type FleetContext, minutes, parentAccess, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';

/** Where the account has no zone for a name, its record is the user's to make: `publish-api` shows it. */
export function nameApi(context: CreateContext): Step {
  const names = apiNamesOf(context.fleet);
  return {
    id: 'name-api',
    title: `lead ${names.join(', ')} to the load balancer`,
    scope: 'parent',
    expectedMs: minutes(1),
    preview: () => ({
      changes: names.map((name) => `record ${name} (A, alias of the load balancer), if Route 53 has a zone for it`),
      commands: [],
    }),
    preflight: async () => refusal(await wantedRecords(context)) ?? (await unseenName(context)),
    check: async (call) => {
      const records = await wantedRecords(context);
      const problem = refusal(records) ?? (await unseenName(context));
      if (problem !== undefined) return { state: 'blocked', problem };
      return stateOf(records, await hostnameOf(context, call));
    },
    apply: async (call) => {
      const target = await targetOf(context, call);
      for (const each of await wantedRecords(context)) {
        if (!isLeading(each, target.hostname))
          await change(context, each, changesToLead(context.fleet, each, target), call);
      }
    },
  };
}

/** Deletes those that the fleet made, and no others. */
export function unnameApi(context: FleetContext): Step {
  const names = apiNamesOf(context.fleet);
  return {
    id: 'undo/name-api',
    title: `delete the records of ${names.join(', ')}`,
    scope: 'parent',
    expectedMs: seconds(40),
    preview: () => ({ changes: names.map((name) => `record ${name}, if this fleet made it`), commands: [] }),
    check: async () => {
      const records = await ownRecords(context);
      if (records === undefined) return { state: 'ready', note: 'Route 53 may not be read' };
      const missing = records.map(({ name, zone, record }) =>
        record === undefined ? `${name} in ${zone.name}: the mark alone` : `${name} in ${zone.name} is deleted`,
      );
      return missing.length === 0 ? { state: 'ready' } : { state: 'partial', missing };
    },
    apply: async (call) => {
      for (const each of (await ownRecords(context)) ?? []) {
        if (each.foreign !== undefined) call.say(`${each.name} is left as it is now: ${each.foreign}`, 'lasting');
        await change(context, each, changesToRemove(each), call);
      }
    },
  };
}

function stateOf(records: readonly ApiRecord[], hostname: string | undefined): StepState {
  if (records.length === 0) return { state: 'ready', note: 'in no hosted zone of this account' };
  const todo = hostname === undefined ? records : records.filter((each) => !isLeading(each, hostname));
  if (todo.length === 0) return { state: 'ready', note: records.map(({ zone }) => `zone ${zone.name}`).join(', ') };
  if (todo.every(({ mark }) => mark === undefined) && todo.length === records.length) return { state: 'absent' };
  return {
    state: 'partial',
    missing: todo.map(({ name, target }) => `${name} leads to ${target ?? 'nothing'}, not to the load balancer`),
  };
}

/** The present name is in every zone that is asked for it; former ones where the fleet has put them. */
async function wantedRecords(context: CreateContext): Promise<readonly ApiRecord[]> {
  const { clients, fleet, facts } = context;
  const { vpcId } = networkOf(facts, fleet.parent);
  const found = await Promise.all(
    apiNamesOf(fleet).map(async (name) => {
      const zones = await zonesToUse(clients, fleet, (await zonesFor(clients, fleet, name)) ?? [], vpcId);
      const records = await Promise.all(zones.map((zone) => readApiRecord(clients, fleet, zone, name)));
      return name === fleet.apiName ? records : records.filter(({ mark }) => mark !== undefined);
    }),
  );
  return found.flat();
}

/** Wherever they are; undefined where Route 53 may not be read, so that what cannot be known does not keep a fleet alive. */
async function ownRecords({ clients, fleet }: FleetContext): Promise<readonly ApiRecord[] | undefined> {
  const found = await Promise.all(
    apiNamesOf(fleet).map(async (name) => {
      const zones = await zonesFor(clients, fleet, name);
      return zones && (await Promise.all(zones.map((zone) => readApiRecord(clients, fleet, zone, name))));
    }),
  );
  if (found.includes(undefined)) return undefined;
  return found
    .flatMap((records) => records ?? [])
    .filter((each) => each.mark !== undefined && !isMovedFrom({ parent: fleet.parent }, each));
}

function refusal(records: readonly ApiRecord[]): Problem | undefined {
  const taken = records.find(({ foreign }) => foreign !== undefined);
  if (taken === undefined) return undefined;
  const { name, zone, foreign } = taken;
  return new Problem('api-name-taken', {
    what: `hosted zone ${zone.name} (${zone.id}) has a record ${name} that this fleet did not make`,
    why: `it is ${foreign}, and a record of somebody else’s is never replaced`,
    next: [
      'use another name: --api-name NAME',
      `or delete that record, if nobody needs it, and run the same command again`,
    ],
  });
}

/** Agents ask for the name from their members' VPCs, and a private zone answers only those that it is associated with. */
async function unseenName({ clients, fleet, facts }: CreateContext): Promise<Problem | undefined> {
  const { apiName, members, parent } = fleet;
  const pulling = clustersOf({ ...fleet, members: members.filter(({ mode }) => mode === 'pull') }).slice(1);
  if (apiName === undefined || pulling.length === 0) return undefined;
  const zones = await zonesToUse(
    clients,
    fleet,
    (await zonesFor(clients, fleet, apiName)) ?? [],
    networkOf(facts, parent).vpcId,
  );
  const [zone] = zones;
  if (zone === undefined || zones.some(({ isPrivate }) => !isPrivate)) return undefined;
  const seeing = await vpcsOf(clients.world.aws, parent.region, zone);
  const blind = pulling.filter((cluster) => !seeing.includes(networkOf(facts, cluster).vpcId));
  if (blind.length === 0) return undefined;
  return new Problem('invalid-value', {
    what: `${blind.map(({ scope }) => scope).join(', ')} could not find ${apiName}`,
    why: `it would be in private hosted zone ${zone.name} (${zone.id}) alone, which their VPCs do not ask`,
    next: [
      ...blind.map(
        (cluster) =>
          `aws route53 associate-vpc-with-hosted-zone --hosted-zone-id ${zone.id} --vpc VPCRegion=${cluster.region},VPCId=${networkOf(facts, cluster).vpcId}`,
      ),
      'or use a name in a public zone',
    ],
  });
}

async function change(
  { clients, ...context }: FleetContext,
  { name, zone }: ApiRecord,
  changes: readonly ZoneChange[],
  call: CallContext,
): Promise<void> {
  const { aws } = clients.world;
  const { region } = context.fleet.parent;
  const id = await changeRecords(aws, region, zone, changes);
  if (id === undefined)
    throw new Problem('api-name-taken', {
      what: `record ${name} in hosted zone ${zone.name} was changed by somebody else just now`,
      next: ['run the same command again'],
    });
  const onTimeout = (): Problem =>
    new Problem('aws-failed', {
      what: `Route 53’s name servers did not serve record ${name} within 5 minutes`,
      next: ['run the same command again'],
    });
  const patience = { everyMs: seconds(5), limitMs: minutes(5), onTimeout };
  await waitUntil({ clients, ...context }, call, patience, () => isServed(aws, region, id));
}

async function hostnameOf({ clients, ...context }: FleetContext, call: CallContext): Promise<string | undefined> {
  return (await findLoadBalancer(clients, parentAccess(context), context.fleet.parent.region, call))?.hostname;
}

async function targetOf(context: FleetContext, call: CallContext): Promise<AliasTarget> {
  const hostname = await hostnameOf(context, call);
  const { parent } = context.fleet;
  const zone = hostname && (await balancerZone(context.clients.world.aws, parent, loadBalancerName(hostname)));
  if (hostname !== undefined && zone !== undefined) return { hostname: hostname.toLowerCase(), zone };
  const what = 'the load balancer of the Karmada API is gone';
  throw new Problem('load-balancer-failed', { what, next: ['run the same command again'] });
}
