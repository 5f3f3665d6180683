/** Takes an assembly's stacks out of their accounts again. */
import type { OpenAccounts } from '../aws/index.ts'
import type { Assembly, AssemblyStack } from '../model/index.ts'
import { DeploymentFailure } from './deployment-failure.ts'
import { fleetRecord, keepPlaces } from './fleet-places.ts'
import { deleteStack } from './leaving/delete-stack.ts'
import { bucketsOf } from './leaving/own-stack.ts'
import { removeLock } from './lock.ts'
import type { Pace } from './steps/pace.ts'

export interface RemovalContext {
  readonly accounts: OpenAccounts
  readonly pace: Pace
  readonly removed?: (stack: AssemblyStack) => void
}

/**
 * Removes every stack that stands, the last wave first, with what lies in their buckets; what is not there is left out.
 * AWS: a key is gone after a waiting period, in which it can be had back.
 * Errors: DeploymentFailure with every stack that stayed.
 */
export async function remove(assembly: Assembly, context: RemovalContext): Promise<void> {
  const { accounts, pace, removed } = context
  for (const wave of assembly.waves.toReversed()) {
    const results = await Promise.allSettled(
      wave.map(async (stack) => {
        await accounts.verify(stack.target)
        if (await deleteStack(accounts, { ...stack, buckets: bucketsOf(stack) }, pace)) removed?.(stack)
      }),
    )
    const failures = wave.flatMap((stack, index) => {
      const result = results[index]!
      if (result.status === 'fulfilled') return []
      const { name, target, environment } = stack
      return { stack: name, target, environment, reason: (result.reason as Error).message }
    })
    if (failures.length) throw new DeploymentFailure(failures)
  }
  const { home } = assembly
  if (!home) return
  await keepPlaces(accounts, home, await fleetRecord(accounts, home), [])
  await removeLock(accounts, home)
}
