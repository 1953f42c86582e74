/** The simulated EC2, security groups and their rules. */
import type * as EC2 from '@aws-sdk/client-ec2';
import type { RegionState, RuleState, SecurityGroupState } from '../state.js';
import { AwsError, byIds, filtered, listing, operation, type Service, tagList } from './answer.js';

export const ec2Groups: Service = {
  DescribeSecurityGroupsCommand: operation((input: EC2.DescribeSecurityGroupsCommandInput, { region }) => {
    const asked = byIds(region.securityGroups, input.GroupIds, missing);
    const found = filtered<SecurityGroupState>(asked, input.Filters, {
      'vpc-id': (group) => [group.vpcId],
    });
    const show = (group: SecurityGroupState) => ({
      GroupId: group.id,
      GroupName: group.name,
      VpcId: group.vpcId,
      Tags: tagList(group.tags),
    });
    return listing('SecurityGroups', found.map(show), input.NextToken);
  }),

  DescribeSecurityGroupRulesCommand: operation((input: EC2.DescribeSecurityGroupRulesCommandInput, { region }) => {
    const all = region.securityGroups.flatMap((group) =>
      [...(group.rules ?? []), ...endpointRules(region, group)].map((rule) => ({ ...rule, group: group.id })),
    );
    const found = filtered<(typeof all)[number]>(all, input.Filters, { 'group-id': ({ group }) => [group] });
    const show = ({ id, group, description, source, port }: (typeof all)[number]) => ({
      SecurityGroupRuleId: id,
      GroupId: group,
      IsEgress: false,
      ...protocolOf(port),
      ...(source.startsWith('sg-') ? { ReferencedGroupInfo: { GroupId: source } } : { CidrIpv4: source }),
      Description: description,
    });
    return listing('SecurityGroupRules', found.map(show), input.NextToken);
  }),

  RevokeSecurityGroupIngressCommand: operation((input: EC2.RevokeSecurityGroupIngressCommandInput, { region }) => {
    const [group] = byIds(region.securityGroups, [input.GroupId ?? ''], missing);
    const ids = input.SecurityGroupRuleIds ?? [];
    const unknown = ids.find((id) => !group?.rules?.some((rule) => rule.id === id));
    if (group === undefined || unknown !== undefined) {
      const text = `The security group rule ID '${unknown}' does not exist`;
      throw new AwsError('InvalidSecurityGroupRuleId.NotFound', text);
    }
    group.rules = (group.rules ?? []).filter((rule) => !ids.includes(rule.id));
    return { Return: true };
  }),

  DeleteSecurityGroupCommand: operation((input: EC2.DeleteSecurityGroupCommandInput, { region }) => {
    const id = input.GroupId ?? '';
    byIds(region.securityGroups, [id], missing);
    if (region.networkInterfaces.some(({ groups }) => groups?.includes(id))) {
      throw new AwsError('DependencyViolation', `resource ${id} has a dependent object`);
    }
    region.securityGroups = region.securityGroups.filter((group) => group.id !== id);
    return { Return: true, GroupId: id };
  }),
};

/** Whom a private endpoint admits is told by the rules of eksctl's group, or of EKS's where somebody else made the cluster. */
function endpointRules(
  { clusters, securityGroups }: RegionState,
  { id, name, tags }: SecurityGroupState,
): readonly RuleState[] {
  const cluster = Object.values(clusters).find((each) => {
    const ofEksctl = `eksctl-${each.name}-cluster-ControlPlaneSecurityGroup-`;
    const isMade = securityGroups.some((group) => group.name.startsWith(ofEksctl));
    return isMade ? name.startsWith(ofEksctl) : tags['aws:eks:cluster-name'] === each.name;
  });
  return (cluster?.privateAccessCidrs ?? []).map((source, index) => ({
    id: `sgr-endpoint-${index}-${id}`,
    description: '',
    source,
    port: 443,
  }));
}

/** As EC2 shows it; of all traffic there are no ports. */
function protocolOf(port: RuleState['port']) {
  if (port === 'all') return { IpProtocol: '-1', FromPort: -1, ToPort: -1 };
  if (port === 'icmp') return { IpProtocol: 'icmp', FromPort: 3, ToPort: 4 };
  return { IpProtocol: 'tcp', FromPort: port, ToPort: port };
}

function missing(id: string): AwsError {
  return new AwsError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
}
