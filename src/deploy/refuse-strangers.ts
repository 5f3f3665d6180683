/** Stacks that another fleet deployed are not touched, nor are those of a fleet of the same name from another file. */
import type { Stack } from '@aws-sdk/client-cloudformation'
import type { OpenAccounts } from '../aws/index.ts'
import { type AssemblyStack, entryOf, FILE_TAG, FLEET_TAG, FleetError } from '../model/index.ts'
import type { Slots } from './slots.ts'
import type { StandingStacks } from './standing-stacks.ts'

/** Stacks that are named where there are more. */
const NAMED = 3

/**
 * Looks at every stack of a fleet before any is changed. What cannot be looked at is told when its turn comes.
 * Errors: FleetError where stacks belong to somebody else.
 */
export async function refuseStrangers(
  accounts: OpenAccounts,
  stacks: readonly AssemblyStack[],
  standing: StandingStacks,
  slots: Slots,
): Promise<void> {
  const found: string[] = []
  const look = async ({ name, target, tags }: AssemblyStack): Promise<void> => {
    const seen = await accounts
      .verify(target)
      .then(() => standing.find({ stack: name, target }))
      .catch(() => undefined)
    const owner = seen && ownerOf(seen, tags)
    if (owner) found.push(`the stack ${name} in ${target.account} ${target.region} ${owner}`)
  }
  await Promise.all(
    stacks
      .filter(({ tags }) => entryOf(tags, FLEET_TAG) !== undefined)
      .map((stack) => slots.run(stack.target, () => look(stack))),
  )
  if (!found.length) return
  const more = found.length - NAMED
  throw new FleetError(`${found.sort().slice(0, NAMED).join(', ')}${more > 0 ? `, and ${more} more` : ''}`, {
    fix: 'rename the fleet or the pipeline; or deploy with --take-over, if nobody deploys the other any more',
  })
}

/** Whose a stack is, in words; undefined where it is ours, or was deployed before stacks told. */
function ownerOf(seen: Stack, tags: AssemblyStack['tags']): string | undefined {
  const tagged = (key: string) => seen.Tags?.find(({ Key }) => Key === key)?.Value
  const fleet = tagged(FLEET_TAG)
  if (fleet !== undefined && fleet !== entryOf(tags, FLEET_TAG)) return `belongs to the fleet ${fleet}`
  const [file, own] = [tagged(FILE_TAG), entryOf(tags, FILE_TAG)]
  return file !== undefined && own !== undefined && file !== own
    ? `was deployed from ${file}, which is not this fleet file (${own})`
    : undefined
}

/** Gives the stack with the file that it was deployed from before, where nobody knows where this one comes from. */
export function withFileOf(seen: Stack | undefined, stack: AssemblyStack): AssemblyStack {
  const before = seen?.Tags?.find(({ Key }) => Key === FILE_TAG)?.Value
  if (before === undefined || entryOf(stack.tags, FILE_TAG) !== undefined) return stack
  return { ...stack, tags: { ...stack.tags, [FILE_TAG]: before } }
}
