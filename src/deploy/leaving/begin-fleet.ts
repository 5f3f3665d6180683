/** The stacks of a fleet in all accounts that it has ever been in: what stands, and what of that left the file. */
import type { OpenAccounts } from '../../aws/index.ts'
import type { Assembly, AssemblyStack, Target } from '../../model/index.ts'
import {
  distinctPlaces,
  type FleetRecord,
  fleetRecord,
  type KeptPlaces,
  keepPlaces,
} from '../fleet-places.ts'
import { type FleetLock, type LockContext, lockFleet, refuseHeld, removeLock } from '../lock.ts'
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
  readonly lock?: Omit<LockContext, 'accounts' | 'now'>
  readonly now: () => number
  /** Whether a part of the fleet is deployed: it keeps where it will be, and does not look for what left the file. */
  readonly isPart?: boolean
}

export interface BegunFleet {
  readonly standing: StandingStacks
  /** Gives what left the file. */
  left(): Promise<LeftOver>
  /** Takes the fleet's lock; undefined where nobody says who deploys. */
  lock(): Promise<FleetLock | undefined>
  /**
   * Keeps where the fleet will be, before anything is made there: a deployment that ends half way is found again by the
   * next one, whatever the file says then.
   */
  keepAll(): Promise<void>
  /** Forgets the places where nothing stands any more. */
  keep(left: LeftOver): Promise<void>
}

/** Looks up where the fleet has been. Errors: FleetError where somebody else changes it just now. */
export async function beginFleet(assembly: Assembly, context: FleetContext): Promise<BegunFleet> {
  const { accounts, reach = accounts, stacks, slots, isPart } = context
  const { home } = assembly
  const nothing = { stacks: [], unseen: [] }
  if (!home)
    return {
      standing: new StandingStacks(accounts, stacks),
      left: async () => nothing,
      lock: async () => undefined,
      keepAll: async () => undefined,
      keep: async () => undefined,
    }
  await accounts.verify(home.hub)
  const current = placesOf(assembly)
  const before = await fleetRecord(accounts, home)
  const lockContext = context.lock && { ...context.lock, accounts, now: context.now }
  if (lockContext) refuseHeld(before.lock, lockContext)
  const places = distinctPlaces([...before.places, ...current])
  let kept: KeptPlaces = before
  const search = isPart ? undefined : { places, isMeant: isOfFleet(assembly) }
  const standing = new StandingStacks(reach, stacks, search)
  return {
    standing,
    left: async () => (isPart ? nothing : findLeft(assembly, places, { accounts: reach, standing, slots })),
    lock: async () => lockContext && lockFleet(home, before.lock, lockContext),
    keepAll: async () => {
      kept = await keepPlaces(accounts, home, kept, places)
    },
    keep: async (left) => {
      if (isPart) return
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
  /** Takes the fleet's lock. Errors: FleetError where somebody else holds it. */
  lock(context: Omit<LockContext, 'accounts'>): Promise<FleetLock | undefined>
  /** Keeps the places of what is still there, and of the assembly; of a fleet that is gone nothing is kept. */
  keep(stays: readonly { readonly target: Target }[]): Promise<void>
}

/** Gives the stacks of the fleet that stand, but for those that belong there: by default the assembly's. */
export async function fleetStacks(
  assembly: Assembly,
  { accounts, reach = accounts }: Pick<FleetContext, 'accounts' | 'reach'>,
  belonging: readonly AssemblyStack[] = assembly.waves.flat(),
): Promise<FleetStacks> {
  const { home } = assembly
  const slots = new Slots(CONCURRENCY)
  if (home) await accounts.verify(home.hub)
  const kept: FleetRecord = home ? await fleetRecord(accounts, home) : { places: [], names: [] }
  const places = distinctPlaces([...kept.places, ...placesOf(assembly)])
  const standing = new StandingStacks(reach, [], { places, isMeant: isOfFleet(assembly) })
  const left = await findLeft(assembly, places, { accounts: reach, standing, slots, belonging })
  const applications = assembly.pipelines.flatMap((pipeline) => pipeline.applications ?? [])
  return {
    ...left,
    regions: [...new Set([...places, ...applications].map(({ region }) => region))],
    lock: async (context) => home && lockFleet(home, kept.lock, { ...context, accounts }),
    keep: async (stays) => {
      if (!home) return
      const unseen = placesLeft({ stacks: [], unseen: left.unseen })
      const still = distinctPlaces([...belonging, ...stays].map(({ target }) => target).concat(unseen))
      await keepPlaces(accounts, home, kept, still)
      if (!still.length) await removeLock(accounts, home)
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
