/** Which capacity provider each of some tasks gets. */
import type { Strategy } from '../state.ts'

/**
 * Gives a provider for each task that begins, beside those that there are. AWS: the base of one provider comes first,
 * the rest is shared by weight (CapacityProviderStrategyItem); without a strategy there is none.
 */
export function chooseProviders(
  strategy: Strategy | undefined,
  present: readonly (string | undefined)[],
  count: number,
): (string | undefined)[] {
  if (!strategy?.length) return Array.from({ length: count }, () => undefined)
  const counts = new Map(
    strategy.map(({ capacityProvider = '' }) => [
      capacityProvider,
      present.filter((one) => one === capacityProvider).length,
    ]),
  )
  return Array.from({ length: count }, () => {
    const chosen = next(strategy, counts)
    counts.set(chosen, (counts.get(chosen) ?? 0) + 1)
    return chosen
  })
}

/** The one that is furthest behind its share. */
function next(strategy: Strategy, counts: ReadonlyMap<string, number>): string {
  const behind = strategy.find(({ capacityProvider = '', base = 0 }) => counts.get(capacityProvider)! < base)
  if (behind) return behind.capacityProvider ?? ''
  const [first] = strategy
    .filter(({ weight = 0 }) => weight > 0)
    .map(({ capacityProvider = '', weight = 0, base = 0 }) => ({
      capacityProvider,
      filled: (counts.get(capacityProvider)! - base + 1) / weight,
    }))
    .sort((one, other) => one.filled - other.filled)
  return first?.capacityProvider ?? strategy[0]!.capacityProvider ?? ''
}
