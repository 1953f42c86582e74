/** The verbs as the command line shows them; what carries one out is loaded when it is. */
import { type FleetOption, fleetOptions } from './options.js';
import { type RunOption, runOptions } from './run-options.js';
import type { Verb } from './session.js';

interface VerbEntry {
  readonly name: string;
  readonly summary: string;
  readonly fleet: readonly FleetOption[];
  readonly run: readonly RunOption[];
  readonly examples: readonly string[];
  readonly load: () => Promise<Verb>;
}

const { yes, confirm, config, useContext, commands, output, weights, keep } = runOptions;

export const verbs: readonly VerbEntry[] = [
  {
    name: 'up',
    summary: 'make the fleet, or go on making it',
    fleet: fleetOptions,
    run: [yes, config, useContext],
    examples: [
      'up --region eu-west-1 --vpc my-vpc',
      'up --member name=eu,mode=push --member name=us,region=us-east-1,mode=pull',
    ],
    load: async () => (await import('./verbs/up.js')).up,
  },
  {
    name: 'plan',
    summary: 'show what up would do; changes nothing',
    fleet: fleetOptions,
    run: [config, commands, output],
    examples: ['plan --region eu-west-1 --vpc my-vpc', 'plan --commands'],
    load: async () => (await import('./verbs/plan.js')).plan,
  },
  {
    name: 'status',
    summary: 'show the fleet as it is',
    fleet: [],
    run: [output],
    examples: ['status', 'status -o json'],
    load: async () => (await import('./verbs/status.js')).status,
  },
  {
    name: 'demo',
    summary: 'divide nginx over the members, show the division, and remove it',
    fleet: [],
    run: [weights, keep],
    examples: ['demo', 'demo --weights 1,3 --keep'],
    load: async () => (await import('./verbs/demo.js')).demo,
  },
  {
    name: 'down',
    summary: 'take the fleet away',
    fleet: [],
    run: [yes, confirm],
    examples: ['down', 'down --fleet demo --yes --confirm demo'],
    load: async () => (await import('./verbs/down.js')).down,
  },
];

export type { VerbEntry };
