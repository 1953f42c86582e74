/**
 * How Karmada divides replicas by weights. It breaks ties between members of equal weight by a hash of the binding's
 * uid (Karmada 1.18.2, pkg/util/helper/binding.go), so only the counts within a weight are known before, not their order.
 */

interface Share {
  readonly weight: number;
  count: number;
}

/**
 * The counts that Karmada computes, in the order of the weights: each replica goes to the highest weight / (2 × count +
 * 1), a tie to fewer replicas (Webster method; Karmada 1.18.2, pkg/util/helper/webstermethod.go).
 */
export function divided(replicas: number, weights: readonly number[]): readonly number[] {
  const shares: readonly Share[] = weights.map((weight) => ({ weight, count: 0 }));
  for (let left = replicas; left > 0; left -= 1) {
    const [next] = [...shares].sort(byPriority);
    if (next !== undefined) next.count += 1;
  }
  return shares.map(({ count }) => count);
}

/** Whether these are the counts that Karmada comes to, whichever members of equal weight have the replicas left over. */
export function isDivided(counts: readonly number[], weights: readonly number[], replicas: number): boolean {
  return byWeight(counts, weights) === byWeight(divided(replicas, weights), weights);
}

function byPriority(one: Share, other: Share): number {
  const higher = other.weight * (2 * one.count + 1) - one.weight * (2 * other.count + 1);
  return higher === 0 ? one.count - other.count : higher;
}

function byWeight(counts: readonly number[], weights: readonly number[]): string {
  const pairs = weights.map((weight, index) => [weight, counts[index] ?? 0] as const);
  return JSON.stringify(pairs.sort(([weight, count], [other, more]) => weight - other || count - more));
}
