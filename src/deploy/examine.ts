/** Holds a stack against what stands, without asking anything about it alone. */
import type { Stack } from '@aws-sdk/client-cloudformation'
import { type AssemblyStack, entryOf, setEntry } from '../model/index.ts'
import { isUnchanged } from './digest.ts'
import { withFileOf } from './refuse-strangers.ts'
import type { StandingStacks } from './standing-stacks.ts'
import { outputsOf } from './steps/find-stack.ts'

/** A wave's look at what stands, and when it was taken. */
export interface Look {
  readonly standing: StandingStacks
  readonly at: number
}

export interface Examined {
  /** As it is deployed: with the tags that it keeps. */
  readonly stack: AssemblyStack
  /** As it stands. */
  readonly seen: Stack | undefined
  /** Its parameters. */
  readonly values: Readonly<Record<string, string>>
  /** Whether it says of itself that it stands as it would be deployed. */
  readonly isUnchanged: boolean
}

/** Errors: Error where a stack lacks an output that a parameter takes. */
export async function examine(look: Look, given: AssemblyStack): Promise<Examined> {
  const [seen, values] = await Promise.all([
    look.standing.find({ stack: given.name, target: given.target }),
    parameters(look, given),
  ])
  const stack = withFileOf(seen, given)
  return { stack, seen, values, isUnchanged: isUnchanged(seen, stack, values) }
}

async function parameters(look: Look, stack: AssemblyStack): Promise<Record<string, string>> {
  const values = await knownParameters(look, stack)
  for (const [name, from] of Object.entries(stack.parametersFrom)) {
    const { account, region } = from.target
    if (entryOf(values, name) === undefined)
      throw new Error(`the stack ${from.stack} in ${account}/${region} has no output "${from.output}"`)
  }
  return values
}

/** Gives those parameters of a stack whose outputs stand already. */
export async function knownParameters(
  { standing }: Look,
  { parametersFrom }: AssemblyStack,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const [name, from] of Object.entries(parametersFrom)) {
    const value = entryOf(outputsOf(await standing.find(from)), from.output)
    if (value !== undefined) setEntry(values, name, value)
  }
  return values
}
