/** `crossdock deploy --self-update`: what the first stage of a pipeline that follows its fleet file runs. */
import { Accounts } from '../aws/index.ts'
import { HeldLock } from '../deploy/index.ts'
import { accountsOfFleet, loadFleet } from '../fleet/index.ts'
import { type AssemblyStack, FleetError } from '../model/index.ts'
import { selfUpdateOf, synthesize } from '../synth/index.ts'
import type { Invocation } from './command.ts'
import { paceOf } from './pace.ts'
import type { Terminal } from './terminal.ts'
import { patienceOf, type Workspace } from './workspace.ts'

export const SELF_UPDATE_OPTION = {
  flags: '--self-update <pipeline>',
  description: 'deploy one pipeline only, as its stage Update does: with the credentials of its own build',
}

export interface SelfUpdateWorkspace {
  /** All of the fleet: what is proven. */
  readonly workspace: Workspace
  /** The pipeline's part of it: what is deployed. */
  readonly only: ReadonlySet<AssemblyStack>
}

/**
 * Opens what a pipeline updates of itself, with the credentials of the build that asks, and the roles that Crossdock made for
 * it in the other accounts. Nothing of the file is taken away: a pipeline that is not in it any more is not the one to do that.
 * Errors: FleetError where the file says that the pipeline does not update itself, FleetErrors of the file.
 */
export async function openSelfUpdate(
  { options, terminal }: Pick<Invocation, 'options' | 'terminal'>,
  id: string,
): Promise<SelfUpdateWorkspace> {
  const fleet = await loadFleet(typeof options.fleet === 'string' ? options.fleet : undefined)
  const pipeline = fleet.pipelines.find((one) => one.id === id)
  if (!pipeline)
    throw new FleetError(`the fleet file has no pipeline ${id} any more, so that it does not update itself`, {
      location: { file: fleet.file },
      fix: 'put it back; or, if it is to go, delete its stacks yourself: no pipeline takes itself away',
    })
  const assembly = synthesize(fleet)
  const update = selfUpdateOf(fleet, assembly, id)
  if (!update)
    throw new FleetError(`${id} does not follow the fleet file any more, so that it does not update itself`, {
      location: pipeline.location,
      fix: 'run `crossdock deploy` yourself: it takes the stage Update out of the pipeline',
    })
  const [, ...elsewhere] = update.roles
  const accounts = new Accounts(accountsOfFleet(fleet), {
    patience: patienceOf(terminal),
    roles: new Map(elsewhere),
  })
  return { workspace: { fleet, hub: fleet.hub, assembly, accounts }, only: update.stacks }
}

/**
 * Does it, and again as long as somebody else changes the fleet: pipelines of one fleet update themselves after the same push.
 * CodeBuild's timeout is what ends the waiting.
 */
export async function whileHeld<T>(
  work: () => Promise<T>,
  accounts: Workspace['accounts'],
  terminal: Terminal,
): Promise<T> {
  const { interval, sleep } = paceOf(accounts)
  for (let isTold = false; ; isTold = true) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof HeldLock)) throw error
      if (!isTold) terminal.warn(`${error.message}: waiting`)
      await sleep(interval)
    }
  }
}

/**
 * Gives an error of an update with what to do, where it was denied something: its role may do what the fleet file took when it
 * was deployed last, in whatever region and stage, and a change may bring kinds of things that were not there.
 */
export function withOutdatedRole(error: unknown, id: string): unknown {
  const denied = /not authorized to perform|AccessDenied/
  if (!(error instanceof Error) || !denied.test(error.message)) return error
  return new FleetError(error.message, {
    fix: `run \`crossdock deploy\` yourself once: this change takes more than the role that updates ${id} was given by the last deployment`,
  })
}
