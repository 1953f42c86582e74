/** Joins as many clusters as its argument says, and writes what that took as one line of JSON. */
import { addExistingCluster } from '../../dist/rehearsal/existing-clusters.js';
import { accountWithVpc, place, run } from './rehearsed.js';

const count = Number(process.argv[2]);
const names = Array.from({ length: count }, (_, index) => `joining-${index + 1}`);
const { account, made } = accountWithVpc();
await run(account, ['up', ...place, '--members=0', '--yes']);
const subnetIds = made.privateSubnets.map(({ id }) => id);
for (const name of names) {
  addExistingCluster(account, { region: 'us-west-2', name, vpcId: made.vpc.id, subnetIds });
}
const clusters = names.map((name) => `--cluster=${name}`);
const { virtualMs, realMs } = await run(account, ['join', ...clusters, '--region=us-west-2', '--yes']);
console.log(JSON.stringify({ virtualMs, realMs, peakBytes: process.resourceUsage().maxRSS * 1024 }));
