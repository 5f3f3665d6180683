/** The stacks of a fleet in all accounts that it has ever been in: what stands, and what of that left the file. */
import type { OpenAccounts } from '../../aws/index.ts'
import type { Assembly, Target } from '../../model/index.ts'
import { distinctPlaces, type KeptPlaces, keepPlaces, keptPlaces } from '../fleet-places.ts'
import { CONCURRENCY, Slots } from '../slots.ts'
import { type StackReference, StandingStacks } from '../standing-stacks.ts'
import { findLeft, isOfFleet, type LeftOver } from './find-left.ts'

export interface FleetContext {
  readonly accounts: OpenAccounts
  /** As in DeployContext. */
  readonly reach?: OpenAccounts
  readonly slots: Slots
  /** What will be asked for by name. */
  readonly stacks: readonly StackReference[]
}

export interface BegunFleet {
  readonly standing: StandingStacks
  /** Gives what left the file. */
  left(): Promise<LeftOver>
  /** Forgets the places where nothing stands any more. */
  keep(left: LeftOver): Promise<void>
}

/**
 * Looks up where the fleet has been, and keeps where it will be before anything is made there: a deployment that ends half
 * way is found again by the next one, whatever the file says then.
 */
export async function beginFleet(assembly: Assembly, context: FleetContext): Promise<BegunFleet> {
  const { accounts, reach = accounts, stacks, slots } = context
  const { home } = assembly
  const nothing = { stacks: [], unseen: [] }
  if (!home)
    return {
      standing: new StandingStacks(accounts, stacks),
      left: async () => nothing,
      keep: async () => undefined,
    }
  await accounts.verify(home.hub)
  const current = placesOf(assembly)
  const before = await keptPlaces(accounts, home)
  const places = distinctPlaces([...before.places, ...current])
  const kept = await keepPlaces(accounts, home, before, places)
  const standing = new StandingStacks(reach, stacks, { places, isMeant: isOfFleet(assembly) })
  return {
    standing,
    left: () => findLeft(assembly, places, { accounts: reach, standing, slots }),
    keep: async (left) => {
      await keepPlaces(accounts, home, kept, distinctPlaces([...current, ...placesLeft(left)]))
    },
  }
}

const placesOf = ({ waves }: Assembly): Target[] => distinctPlaces(waves.flat().map(({ target }) => target))

const placesLeft = ({ stacks, unseen }: LeftOver): Target[] => [
  ...stacks.map(({ target }) => target),
  ...unseen.flatMap(({ account, regions }) => regions.map((region) => ({ account, region }))),
]

/** What of a fleet stands beside its assembly, and what is kept of where it has been. */
export interface FleetStacks extends LeftOver {
  /** Regions in which the fleet or its applications may be. */
  readonly regions: readonly string[]
  /** Keeps the places of what is still there, and of the assembly. */
  keep(stays: readonly { readonly target: Target }[]): Promise<void>
}

/** Gives the stacks of the fleet that the assembly lacks: all of them for one without stacks. */
export async function fleetStacks(
  assembly: Assembly,
  { accounts, reach = accounts }: Pick<FleetContext, 'accounts' | 'reach'>,
  further: readonly Target[] = [],
): Promise<FleetStacks> {
  const { home } = assembly
  const slots = new Slots(CONCURRENCY)
  const current = placesOf(assembly)
  if (home) await accounts.verify(home.hub)
  const kept: KeptPlaces = home ? await keptPlaces(accounts, home) : { places: [], names: [] }
  const places = distinctPlaces([...kept.places, ...current, ...further])
  const standing = new StandingStacks(reach, [], { places, isMeant: isOfFleet(assembly) })
  const left = await findLeft(assembly, places, { accounts: reach, standing, slots })
  const applications = assembly.pipelines.flatMap((pipeline) => pipeline.applications ?? [])
  return {
    ...left,
    regions: [...new Set([...places, ...applications].map(({ region }) => region))],
    keep: async (stays) => {
      if (!home) return
      const unseen = placesLeft({ stacks: [], unseen: left.unseen })
      const still = distinctPlaces([...current, ...stays.map(({ target }) => target), ...unseen])
      await keepPlaces(accounts, home, kept, still)
    },
  }
}

/** Gives what of the fleet stands in the hub's account and region beside the assembly: there its pipelines are. */
export async function strayInHub(assembly: Assembly, accounts: OpenAccounts): Promise<LeftOver> {
  const { home } = assembly
  if (!home) return { stacks: [], unseen: [] }
  const standing = new StandingStacks(accounts, [], { places: [home.hub], isMeant: isOfFleet(assembly) })
  return findLeft(assembly, [home.hub], { accounts, standing, slots: new Slots(CONCURRENCY) })
}
