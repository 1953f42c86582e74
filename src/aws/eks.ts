/** The EKS calls of the product; what does not exist is undefined, not an error. */
import {
  type Addon,
  type Cluster,
  type ClusterVersionInformation,
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeClusterVersionsCommand,
  DescribeNodegroupCommand,
  ListAccessEntriesCommand,
  ListClustersCommand,
  ListNodegroupsCommand,
  type Nodegroup,
  TagResourceCommand,
} from '@aws-sdk/client-eks';
import type { AwsClients } from '../world/aws.js';
import { type Place, placeName } from '../world/place.js';
import { answerOf, answerOrMissing } from './call.js';
import { allPages } from './pages.js';

export type { Addon, Cluster, ClusterVersionInformation, Nodegroup };

export type Eks = ReturnType<typeof makeEks>;

/** EKS in one region. */
export function makeEks(aws: AwsClients, place: Place) {
  const client = aws.eks(place);
  const ask = <T>(what: string, answer: Promise<T>): Promise<T> => answerOf(`${what} in ${placeName(place)}`, answer);
  const orMissing = <T>(what: string, answer: Promise<T>): Promise<T | undefined> =>
    answerOrMissing(`${what} in ${placeName(place)}`, (name) => name === 'ResourceNotFoundException', answer);
  const nodeGroup = async (clusterName: string, nodegroupName: string): Promise<Nodegroup | undefined> => {
    const command = new DescribeNodegroupCommand({ clusterName, nodegroupName });
    return (await orMissing(`reading node group ${nodegroupName}`, client.send(command)))?.nodegroup;
  };
  return {
    clusters: () =>
      allPages(async (nextToken) => {
        const page = await ask('listing EKS clusters', client.send(new ListClustersCommand({ nextToken })));
        return { items: page.clusters ?? [], next: page.nextToken };
      }),
    cluster: async (name: string): Promise<Cluster | undefined> => {
      const answer = await orMissing(`reading EKS cluster ${name}`, client.send(new DescribeClusterCommand({ name })));
      return answer?.cluster;
    },
    /** All node groups with their states. */
    nodeGroups: async (clusterName: string): Promise<readonly Nodegroup[]> => {
      const names = await allPages(async (nextToken) => {
        const command = new ListNodegroupsCommand({ clusterName, nextToken });
        const page = await orMissing(`listing node groups of ${clusterName}`, client.send(command));
        return { items: page?.nodegroups ?? [], next: page?.nextToken };
      });
      const found = await Promise.all(names.map((name) => nodeGroup(clusterName, name)));
      return found.flatMap((group) => group ?? []);
    },
    nodeGroup,
    addon: async (clusterName: string, addonName: string): Promise<Addon | undefined> => {
      const command = new DescribeAddonCommand({ clusterName, addonName });
      return (await orMissing(`reading add-on ${addonName} of ${clusterName}`, client.send(command)))?.addon;
    },
    /** ARNs of the principals with an access entry; undefined if the cluster only uses aws-auth. */
    accessEntries: async (clusterName: string): Promise<readonly string[] | undefined> => {
      // InvalidRequestException: the cluster's authentication mode is CONFIG_MAP.
      const none = (name: string): boolean =>
        name === 'InvalidRequestException' || name === 'ResourceNotFoundException';
      const what = `listing access entries of ${clusterName} in ${placeName(place)}`;
      const list = (nextToken: string | undefined) =>
        answerOrMissing(what, none, client.send(new ListAccessEntriesCommand({ clusterName, nextToken })));
      const first = await list(undefined);
      if (first === undefined) return undefined;
      return await allPages(async (token) => {
        const page = token === undefined ? first : await list(token);
        return { items: page?.accessEntries ?? [], next: page?.nextToken };
      });
    },
    versions: () =>
      allPages(async (nextToken) => {
        const command = new DescribeClusterVersionsCommand({ nextToken });
        const page = await ask('listing Kubernetes versions', client.send(command));
        return { items: page.clusterVersions ?? [], next: page.nextToken };
      }),
    /** Adds tags to the resource with this ARN; other tags are kept. */
    tag: async (resourceArn: string, tags: Readonly<Record<string, string>>): Promise<void> => {
      await ask(`tagging ${resourceArn}`, client.send(new TagResourceCommand({ resourceArn, tags: { ...tags } })));
    },
  };
}
