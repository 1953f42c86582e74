/** The VPCs of a region if none was specified: which are usable, and what is wrong with the others. */
import type { Clients } from '../clients/clients.js';
import { ok, warning } from '../errors/diagnostic.js';
import { listVpcs, type VpcChoice } from '../preflight/choices.js';
import type { NetworkSpec } from '../preflight/network/subnets.js';
import { about, type Finding, type Topic } from './diagnosis.js';

/** A VPC that will not do is only a warning while another one will. */
export async function surveyVpcs(clients: Clients, spec: NetworkSpec): Promise<readonly Finding[]> {
  const offers = await listVpcs(clients, spec);
  const topic: Topic = { group: 'network', id: 'vpc', about: spec.region };
  const told = offers.flatMap((offer) => diagnose(topic, offer));
  if (offers.some(({ problems }) => problems.length === 0)) return told;
  const what = `no VPC of ${spec.region} can hold the fleet`;
  const why = offers.length === 0 ? 'the region has none' : `the region has ${offers.length}, each with a problem`;
  const next = ['fix one of them, or have one made for the fleet: --create-vpc'];
  return [...told, { ...topic, severity: 'error', what, why, next: [...next, 'or choose another region: --region'] }];
}

function diagnose(topic: Topic, { id, name, cidr, holds, problems, warnings }: VpcChoice): readonly Finding[] {
  const label = `${id} (${name || 'no name'}, ${cidr})`;
  if (problems.length > 0) {
    const next = ['fix it, or choose another: --vpc'];
    return about(topic, warning({ what: `VPC ${label} cannot hold the fleet`, why: problems.join('; '), next }));
  }
  return [
    { ...topic, about: label, ...ok(`${holds}; --vpc ${id}`) },
    ...warnings.flatMap((what) => about(topic, warning({ what, next: ['use it as it is, or choose another: --vpc'] }))),
  ];
}
