/** Hosted zones and their records: Route 53. */
import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import type { AwsClients } from '../world/aws.js';
import { answerOf, errorName } from './call.js';

export interface HostedZone {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
}

export interface ZoneChange {
  readonly action: 'CREATE' | 'DELETE';
  /** For `DELETE` exactly as it was read: Route 53 refuses any other. */
  readonly record: ResourceRecordSet;
}

export type { ResourceRecordSet };

/** All zones of an account with this name, public and private ones: a list that begins there has them first (API Reference, ListHostedZonesByName). */
export async function zonesNamed(aws: AwsClients, region: string, name: string): Promise<readonly HostedZone[]> {
  const command = new ListHostedZonesByNameCommand({ DNSName: name, MaxItems: 100 });
  const { HostedZones = [] } = await answerOf(`listing the hosted zones ${name}`, aws.route53(region).send(command));
  return HostedZones.filter(({ Name }) => withoutDot(Name) === name).map(({ Id = '', Config }) => ({
    id: Id.replace('/hostedzone/', ''),
    name,
    isPrivate: Config?.PrivateZone === true,
  }));
}

/** The ids of the VPCs in which a private zone is asked. */
export async function vpcsOf(aws: AwsClients, region: string, { id, name }: HostedZone): Promise<readonly string[]> {
  const sent = aws.route53(region).send(new GetHostedZoneCommand({ Id: id }));
  const { VPCs = [] } = await answerOf(`reading hosted zone ${name} (${id})`, sent);
  return VPCs.flatMap(({ VPCId }) => VPCId ?? []);
}

/** The records of one name, of which there are few. */
export async function recordsAt(
  aws: AwsClients,
  region: string,
  zone: HostedZone,
  name: string,
): Promise<readonly ResourceRecordSet[]> {
  const command = new ListResourceRecordSetsCommand({ HostedZoneId: zone.id, StartRecordName: name, MaxItems: 100 });
  const { ResourceRecordSets = [] } = await answerOf(
    `reading the records of ${name} in hosted zone ${zone.name} (${zone.id})`,
    aws.route53(region).send(command),
  );
  return ResourceRecordSets.filter(({ Name }) => withoutDot(Name) === name);
}

/**
 * All changes or none (API Reference, ChangeResourceRecordSets). Answers the id of the change, or undefined where a record is there that is
 * to be created, or is not as it is to be deleted.
 */
export async function changeRecords(
  aws: AwsClients,
  region: string,
  zone: HostedZone,
  changes: readonly ZoneChange[],
): Promise<string | undefined> {
  const batch = changes.map(({ action, record }) => ({ Action: action, ResourceRecordSet: record }));
  const command = new ChangeResourceRecordSetsCommand({ HostedZoneId: zone.id, ChangeBatch: { Changes: batch } });
  const sent = aws
    .route53(region)
    .send(command)
    .catch((thrown: unknown) => {
      if (errorName(thrown) === 'InvalidChangeBatch') return undefined;
      throw thrown;
    });
  const answer = await answerOf(`changing records in hosted zone ${zone.name} (${zone.id})`, sent);
  return answer?.ChangeInfo?.Id?.replace('/change/', '');
}

/** Whether all name servers of Route 53 have a change. */
export async function isServed(aws: AwsClients, region: string, change: string): Promise<boolean> {
  const sent = aws.route53(region).send(new GetChangeCommand({ Id: change }));
  return (await answerOf('reading how far a change of records is', sent)).ChangeInfo?.Status === 'INSYNC';
}

/** Route 53 writes names with a dot at their end. */
export function withoutDot(name = ''): string {
  return name.replace(/\.$/, '');
}
