/** Takes away what left the fleet file, when somebody says so. */
import type { OpenAccounts } from '../aws/index.ts'
import {
  CONCURRENCY,
  type FleetStacks,
  fleetStacks,
  type LeftOver,
  type OwnStack,
  type TakenAway,
  takeAway,
} from '../deploy/index.ts'
import { type Invocation, UsageError } from './command.ts'
import { fromFile } from './fleet-origin.ts'
import { holding, lockContext } from './hold.ts'
import { paceOf } from './pace.ts'
import { quiet } from './terminal.ts'
import { leftDocument, printConsequences, printKeys, printLeft, takeAwayView } from './view/left-view.ts'
import { countOf } from './view/text.ts'
import type { Workspace } from './workspace.ts'

export const PRUNE_OPTION = {
  flags: '--prune',
  description: 'take away what left the fleet file; stacks of applications stay',
}

export const APPLICATIONS_OPTION = {
  flags: '--applications',
  description: 'delete stacks of applications too, where a role goes that they change by',
}

/** Errors: UsageError where nothing is taken away that applications could go with. */
export function refuseLoneApplications({ options, terminal }: Invocation): void {
  if (options.applications && !options.prune && !terminal.interactive)
    throw new UsageError('--applications goes with --prune: without it nothing is taken away')
}

/** What became of what left the file, for `--json`. */
export interface Pruned {
  readonly status: number
  readonly document: { readonly left: readonly object[] } & object
}

/** Tells what left the file; asks, or is told, whether it goes. Gives the exit status: 1 where something failed to go. */
export async function tellLeft(
  left: LeftOver,
  workspace: Workspace,
  reach: OpenAccounts,
  invocation: Invocation,
): Promise<Pruned> {
  const { options } = invocation
  const terminal = options.json ? quiet(invocation.terminal) : invocation.terminal
  const document = { left: left.stacks.map(leftDocument), unseen: left.unseen }
  if (!left.stacks.length && !left.unseen.length) return { status: 0, document }
  printLeft(left, terminal)
  if (!left.stacks.length) return { status: 0, document }
  const goes =
    options.prune === true ||
    (terminal.interactive &&
      !options.yes &&
      (await terminal.confirm(`Take ${countOf(left.stacks.length, 'stack')} away?`)))
  if (!goes) {
    terminal.print('  "crossdock deploy --prune" takes that away; stacks of applications stay')
    return { status: 0, document }
  }
  printConsequences(left.stacks, terminal)
  const found = await fleetStacks(fromFile(workspace), { accounts: workspace.accounts, reach })
  const taken = await takeAwayAndShow(
    found,
    { stacks: found.stacks, command: 'crossdock deploy --prune' },
    reach,
    invocation,
  )
  return { status: statusOf(taken), document: { ...document, ...takenDocument(taken) } }
}

/** Takes stacks away, shows it, and keeps what the fleet must remember of places. `command`: what goes on after Ctrl-C. */
export async function takeAwayAndShow(
  found: FleetStacks,
  { stacks, command }: { readonly stacks: readonly OwnStack[]; readonly command: string },
  reach: OpenAccounts,
  { options, terminal }: Pick<Invocation, 'options' | 'terminal'>,
): Promise<TakenAway> {
  const shown = options.json ? quiet(terminal) : terminal
  const taken = await holding(shown, command, async (held) => {
    const lock = await found.lock({
      ...lockContext({ options, terminal }, 'take stacks away from'),
      now: Date.now,
      taken: held,
    })
    try {
      const result = await takeAway(stacks, {
        accounts: reach,
        pace: paceOf(reach),
        listener: takeAwayView(shown),
        now: Date.now,
        concurrency: CONCURRENCY,
        regions: found.regions,
        applications: options.applications === true,
      })
      await found.keep(found.stacks.filter((one) => !result.gone.includes(one)))
      return result
    } finally {
      await lock?.release()
    }
  })
  const gone = new Set<unknown>(taken.gone)
  printKeys(
    stacks.filter((one) => gone.has(one)),
    shown,
  )
  return taken
}

export const statusOf = ({ stays }: TakenAway): number => (stays.some(({ isFailure }) => isFailure) ? 1 : 0)

export const takenDocument = ({ gone, stays }: TakenAway) => ({
  removed: gone.map(({ name, target }) => ({ stack: name, ...target })),
  stays: stays.map(({ stack, why, isFailure }) => ({
    stack: stack.name,
    ...stack.target,
    why,
    failed: isFailure,
  })),
})
