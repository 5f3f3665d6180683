/** Runs tasks as soon as what they come after is done; whatever nothing orders runs in parallel. */

export interface GraphOutcome {
  readonly done: Set<string>
  readonly failed: Set<string>
  /** Never started: something before them failed, or the run was stopped. */
  readonly skipped: Set<string>
}

/**
 * Runs a task per name. A task gives whether it succeeded; what comes after a failed one is skipped.
 * `stop` is asked before each start: once it says so, nothing more is started and what runs is waited for.
 */
export async function runGraph(
  names: readonly string[],
  after: (name: string) => Iterable<string>,
  task: (name: string) => Promise<boolean>,
  stop: () => boolean = () => false,
): Promise<GraphOutcome> {
  const outcome: GraphOutcome = { done: new Set(), failed: new Set(), skipped: new Set(names) }
  const waiting = new Map<string, number>()
  const followers = new Map<string, string[]>()
  const present = new Set(names)
  for (const name of names) {
    const needs = [...new Set(after(name))].filter((one) => present.has(one) && one !== name)
    waiting.set(name, needs.length)
    for (const one of needs) followers.set(one, [...(followers.get(one) ?? []), name])
  }
  const start = async (name: string): Promise<void> => {
    if (stop()) return
    outcome.skipped.delete(name)
    const succeeded = await task(name)
    outcome[succeeded ? 'done' : 'failed'].add(name)
    if (!succeeded) return
    const free = (followers.get(name) ?? []).filter((one) => {
      const left = waiting.get(one)! - 1
      waiting.set(one, left)
      return left === 0
    })
    await Promise.all(free.map(start))
  }
  await Promise.all(names.filter((name) => waiting.get(name) === 0).map(start))
  return outcome
}
