/** The definition of a step: a plain object that can check the world, change it, and describe what it would change. */
import type { Problem } from '../errors/problem.js';
import type { Command } from '../world/exec.js';
import type { Destruction } from './destruction.js';

/** What every call into a step is given by the engine. */
export interface CallContext {
  /** Aborted when everything is to stop now: at the second Ctrl-C, or when the fleet is lost to another run. */
  readonly signal: AbortSignal;
  /** Tells the user one line about what is going on; never a secret. A `lasting` one remains in view when the step has ended. */
  readonly say: (line: string, lasting?: 'lasting') => void;
}

/** What a change is given besides. */
export interface ApplyContext extends CallContext {
  /**
   * For what is found only while `apply` runs, e.g. after a wait: called right before something is destroyed.
   * @throws Problem `destruction-not-agreed` with what was not shown and agreed to in this run
   */
  readonly mustBeAgreed: (found: readonly Destruction[]) => void;
}

/** What a step changes, known before the step can run. */
export interface Preview {
  /** One line a change, e.g. `EKS cluster demo-parent in eu-west-1`. */
  readonly changes: readonly string[];
  /** The exact commands; `<…>` is a placeholder for a value that an earlier step produces. */
  readonly commands: readonly Command[];
}

/**
 * The result of a check: `ready` (nothing to do), `absent` (everything to do), `partial` (some of it, see `missing`),
 * `blocked` (the step must not run; the Problem says why).
 */
export type StepState =
  /** `drift`: where it is not as requested now, though a run leaves it so; one line each. */
  | { readonly state: 'ready'; readonly note?: string; readonly drift?: readonly string[] }
  | { readonly state: 'absent' }
  | { readonly state: 'partial'; readonly missing: readonly string[] }
  | { readonly state: 'blocked'; readonly problem: Problem };

/**
 * What a pipeline is made of: a read-only check and a change. A step knows no other step: its place is the pipeline's to decide. What takes
 * the effect of a step away again is a step too.
 */
export interface Step {
  /** Unique in its pipeline, e.g. `create-cluster/demo-parent`. */
  readonly id: string;
  readonly title: string;
  /**
   * `parent`, `fleet` or a member's name: steps of one scope are shown together. A failure in `parent` or `fleet` stops the
   * whole run, one in a member's scope only what needs it.
   */
  readonly scope: string;
  /** A failure stops only what needs it, in whatever scope. */
  readonly failsAlone?: true;
  /** Its effect ends with the run, so that it is no reason to run: other steps can be checked without it. */
  readonly perRun?: true;
  /** Pure: needs nothing but what was discovered. */
  readonly preview: () => Preview;
  /** Expected duration, in ms. */
  readonly expectedMs: number;
  /** Read-only; called only when all steps that this one needs are ready. */
  readonly check: (call: CallContext) => Promise<StepState>;
  /**
   * What already blocks this step, although it cannot be checked before others are done; read-only. For problems that
   * would otherwise be found late. A Problem that it throws counts too.
   */
  readonly preflight?: (call: CallContext) => Promise<Problem | undefined>;
  /**
   * What `apply` would delete, replace or interrupt that exists and works or holds data. Read-only. Asked by a plan, also before
   * the steps that this one needs are ready, and again right before `apply`, which is refused when it finds more.
   */
  readonly destroys?: (call: CallContext) => Promise<readonly Destruction[]>;
  /** Makes `check` answer `ready`. Safe to run again after dying anywhere inside. */
  readonly apply: (call: ApplyContext) => Promise<void>;
}

/** The scopes on which all others depend. */
const sharedScopes: readonly string[] = ['parent', 'fleet'];

/** Whether nothing else can continue after a failure in this scope. */
export function isShared(scope: string): boolean {
  return sharedScopes.includes(scope);
}
