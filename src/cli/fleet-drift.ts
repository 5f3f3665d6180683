/** What of a fleet differs from what was deployed, and what stands and is in no file. */
import type { OpenAccounts } from '../aws/index.ts'
import { findDrift, fleetStacks, type LeftOver, type StackDrift } from '../deploy/index.ts'
import type { AssemblyStack } from '../model/index.ts'
import { fromFile } from './fleet-origin.ts'
import { paceOf } from './pace.ts'
import type { Terminal } from './terminal.ts'
import { driftDocument, printDrift } from './view/drift-view.ts'
import { leftDocument, printLeft } from './view/left-view.ts'
import type { Workspace } from './workspace.ts'

export interface FleetDrift {
  readonly drifts: readonly StackDrift[]
  readonly left: LeftOver
}

/** Looks at every stack of the fleet, and with `applications` at what its pipelines deploy, over all accounts at once. */
export async function fleetDrift(
  { assembly, fleet }: Pick<Workspace, 'assembly' | 'fleet'>,
  reach: OpenAccounts,
  applications: boolean,
): Promise<FleetDrift> {
  const found = await fleetStacks(fromFile({ assembly, fleet }), { accounts: reach }, [])
  const deployed = assembly.pipelines
    .flatMap((pipeline) => (applications ? (pipeline.applications ?? []) : []))
    .map(({ stack: name, account, region }) => ({ name, target: { account, region } }))
  const drifts = await findDrift([...found.stacks, ...deployed], { accounts: reach, pace: paceOf(reach) })
  const known = new Set(assembly.waves.flat().map(keyOf))
  const stacks = found.stacks.filter((one) => !known.has(keyOf(one)))
  return { drifts, left: { stacks, unseen: found.unseen } }
}

const keyOf = ({ name, target: { account, region } }: Pick<AssemblyStack, 'name' | 'target'>): string =>
  `${account} ${region} ${name}`

export function printFleetDrift({ drifts, left }: FleetDrift, terminal: Terminal): void {
  printDrift(drifts, terminal)
  printLeft(left, terminal)
}

/** What `--json` says. */
export const fleetDriftDocument = ({ drifts, left }: FleetDrift) => ({
  stacks: drifts.map(driftDocument),
  left: left.stacks.map(leftDocument),
  unseen: left.unseen,
})

/** Whether something is not as it was deployed, or nobody knows. */
export const hasDrifted = ({ drifts, left }: FleetDrift): boolean =>
  drifts.some(({ status }) => status !== 'in sync') || left.stacks.length > 0
