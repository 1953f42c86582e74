/** How Karmada divides replicas among weights: the Webster method (1.18.2, pkg/util/helper/webstermethod.go). */

interface Party {
  readonly name: string;
  readonly votes: number;
  seats: number;
}

/**
 * Gives each replica to whoever has the highest votes / (2 × seats + 1); a tie goes to fewer seats, then by name,
 * ascending or descending as the binding's uid hashes to even or odd.
 * @param weights weight by name; names with weight 0 get nothing
 */
export function divideByWeight(
  replicas: number,
  weights: Readonly<Record<string, number>>,
  uid: string,
): Record<string, number> {
  const parties: Party[] = Object.entries(weights)
    .filter(([, votes]) => votes > 0)
    .map(([name, votes]) => ({ name, votes, seats: 0 }));
  const direction = uid !== '' && fnv32a(uid) & 1 ? -1 : 1;
  for (let left = parties.length === 0 ? 0 : replicas; left > 0; left -= 1) {
    const [first] = parties.sort((one, other) => order(one, other, direction));
    if (first !== undefined) first.seats += 1;
  }
  return Object.fromEntries(parties.filter(({ seats }) => seats > 0).map(({ name, seats }) => [name, seats]));
}

function order(one: Party, other: Party, direction: 1 | -1): number {
  const byPriority = other.votes * (2 * one.seats + 1) - one.votes * (2 * other.seats + 1);
  if (byPriority !== 0) return byPriority;
  if (one.seats !== other.seats) return one.seats - other.seats;
  return one.name < other.name ? -direction : direction;
}

/** The 32-bit FNV-1a hash that Karmada breaks ties with. */
function fnv32a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
