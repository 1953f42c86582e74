/** A pipeline: steps, and all edges between them. */
import { Problem } from '../errors/problem.js';
import type { Step } from './step.js';

/** A step in its place in a pipeline; other steps are named by their ids. */
export interface PipelineStep extends Step {
  readonly needs: readonly string[];
  readonly after: readonly string[];
  readonly during?: string;
  readonly group?: string;
}

/** What a step waits for. `undefined` for a step that this pipeline does not have. */
export interface Edges {
  /** These must be ready before the step is checked. */
  readonly needs?: readonly (PipelineStep | undefined)[];
  /** These must be over before the step is checked: they succeeded, failed, or can never start because something failed. */
  readonly after?: readonly (PipelineStep | undefined)[];
  /**
   * The step waits for what that one creates meanwhile, or is of no use without it: it starts once that one has begun, and is given up
   * when that one fails.
   */
  readonly during?: PipelineStep | undefined;
  /** Of one group, e.g. a region, only so many steps run at once; without it there is no bound. */
  readonly group?: string | undefined;
}

/**
 * Collects steps in an order in which each comes after what it waits for: a step can only wait for one that was added, so there is no
 * cycle. Where several may start and there is no room for all, the first added starts first.
 */
export class Pipeline {
  readonly #steps = new Map<string, PipelineStep>();

  get steps(): readonly PipelineStep[] {
    return [...this.#steps.values()];
  }

  /** @throws Problem `internal` for an id that is taken, and for an edge to a step of another pipeline */
  add(step: Step, { needs = [], after = [], during, group }: Edges = {}): PipelineStep {
    if (this.#steps.has(step.id)) throw new Problem('internal', { what: `two steps have the id ${step.id}` });
    const added: PipelineStep = {
      ...step,
      needs: this.#idsOf(step, needs),
      after: this.#idsOf(step, after),
      ...(during === undefined ? {} : { during: this.#idOf(step, during) }),
      ...(group === undefined ? {} : { group }),
    };
    this.#steps.set(step.id, added);
    return added;
  }

  #idsOf(step: Step, others: readonly (PipelineStep | undefined)[]): readonly string[] {
    return others.flatMap((other) => (other === undefined ? [] : [this.#idOf(step, other)]));
  }

  #idOf({ id }: Step, other: PipelineStep): string {
    if (this.#steps.get(other.id) === other) return other.id;
    throw new Problem('internal', { what: `step ${id} waits for ${other.id}, which is not in its pipeline` });
  }
}

/** A pipeline without edges. */
export function independent(steps: readonly Step[]): readonly PipelineStep[] {
  const pipeline = new Pipeline();
  for (const step of steps) pipeline.add(step);
  return pipeline.steps;
}

/** Ids of all steps whose end a step waits for, whether they must succeed or not. */
export function predecessors({ needs, after }: Pick<PipelineStep, 'needs' | 'after'>): readonly string[] {
  return [...needs, ...after];
}
