/** What a fleet once deployed and its file does not make any more: found by its tags, wherever the fleet has ever been. */
import type { Stack } from '@aws-sdk/client-cloudformation'
import type { OpenAccounts } from '../../aws/index.ts'
import {
  type Assembly,
  type AssemblyStack,
  entryOf,
  FILE_TAG,
  FLEET_TAG,
  FleetError,
  type Target,
} from '../../model/index.ts'
import type { Slots } from '../slots.ts'
import type { Found, StandingStacks } from '../standing-stacks.ts'
import { type OwnStack, ownStack } from './own-stack.ts'

/** An account, or some of its regions, that nobody could look into. */
export interface Unseen {
  readonly account: string
  readonly regions: readonly string[]
  /** In words. */
  readonly why: string
}

export interface LeftOver {
  readonly stacks: readonly OwnStack[]
  readonly unseen: readonly Unseen[]
}

/** Gives whether a stack says that it is one of the fleet's. */
export function isOfFleet({ fleet, home, waves }: Assembly): (stack: Stack) => boolean {
  const own = waves.flat().map(({ tags }) => entryOf(tags, FILE_TAG))[0]
  return ({ StackName = '', Tags = [], ParentId }) => {
    const tagged = (key: string) => Tags.find(({ Key }) => Key === key)?.Value
    if (ParentId !== undefined || tagged(FLEET_TAG) !== fleet) return false
    const file = tagged(FILE_TAG)
    // Two fleets of one name may live in one hub; where nobody knows the files their names tell them apart.
    if (file !== undefined && own !== undefined) return file === own
    return home !== undefined && StackName.startsWith(home.prefix)
  }
}

/**
 * Gives the stacks of the fleet in the places but for those that belong there, and the places that cannot be looked into.
 * `standing` searches the places for stacks of the fleet.
 */
export async function findLeft(
  assembly: Assembly,
  places: readonly Target[],
  {
    accounts,
    standing,
    slots,
    belonging = assembly.waves.flat(),
  }: {
    readonly accounts: OpenAccounts
    readonly standing: StandingStacks
    readonly slots: Slots
    /** Default: the assembly's. */
    readonly belonging?: readonly AssemblyStack[]
  },
): Promise<LeftOver> {
  const current = new Set(belonging.map(({ name, target }) => keyOf(name, target)))
  const names = new Map(assembly.waves.flat().map(({ target, environment }) => [target.account, environment]))
  const stacks: OwnStack[] = []
  const unseen = new Map<string, { account: string; regions: string[]; why: string }>()
  const look = async (target: Target): Promise<void> => {
    const found = await accounts.verify(target).then(
      () => standing.search(target),
      (error: Error) => error,
    )
    const why = reasonOf(found)
    if (why !== undefined) {
      const known = unseen.get(`${target.account} ${why}`) ?? { account: target.account, regions: [], why }
      unseen.set(`${target.account} ${why}`, known)
      known.regions.push(target.region)
      return
    }
    const left = (found as Found).stacks.filter(
      ({ StackName = '', StackStatus }) =>
        !current.has(keyOf(StackName, target)) && StackStatus !== 'DELETE_COMPLETE',
    )
    const environment = names.get(target.account) ?? target.account
    stacks.push(...(await Promise.all(left.map((one) => ownStack(accounts, one, target, environment)))))
  }
  await Promise.all(places.map((place) => slots.run(place, () => look(place))))
  return {
    stacks: stacks.sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1)),
    unseen: [...unseen.values()],
  }
}

function reasonOf(found: Found | Error): string | undefined {
  if (found instanceof FleetError && found.fix) return `${found.message} (${found.fix})`
  if (found instanceof Error) return found.message
  return found.isListed
    ? undefined
    : 'its stacks may not be listed (allow cloudformation:DescribeStacks on *)'
}

const keyOf = (stack: string, { account, region }: Target): string => `${account} ${region} ${stack}`

const orderOf = ({ name, target }: OwnStack): string => keyOf(name, target)
