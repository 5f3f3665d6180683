/** `crossdock developer`: a developer's own copy of a pipeline, started and taken away again. */
import { Accounts } from '../../aws/index.ts'
import { outputOf, remove } from '../../deploy/index.ts'
import { accountsOfFleet, type Copy, developerCopy, type Fleet, loadFleet } from '../../fleet/index.ts'
import { FleetError } from '../../model/index.ts'
import { sharedConnections, synthesize } from '../../synth/index.ts'
import { YES_OPTION } from '../ask.ts'
import { STRICT_OPTION } from '../checked.ts'
import { type Command, type Invocation, UsageError } from '../command.ts'
import { paceOf } from '../pace.ts'
import { FLEET_OPTION, patienceOf, type Workspace } from '../workspace.ts'
import { deployProven, UNPROVEN_OPTION } from './deploy.ts'

export const developer: Command = {
  arguments: [
    { flags: '<start|stop>', description: 'deploy the copy, or remove it' },
    { flags: '<developer>', description: 'who runs it, under `developers` of the fleet file' },
    { flags: '<pipeline>', description: 'the pipeline that is copied' },
  ],
  options: [
    FLEET_OPTION,
    { flags: '--branch <branch>', description: 'branch that the copy follows (default: the pipeline’s)' },
    YES_OPTION,
    UNPROVEN_OPTION,
    STRICT_OPTION,
  ],
  examples: ['developer start ana orders --branch faster', 'developer stop ana orders'],
  run: async (invocation) => {
    const [what = '', name = '', pipeline = ''] = invocation.arguments
    const { branch, fleet: file } = invocation.options
    if (what !== 'start' && what !== 'stop')
      throw new UsageError(`crossdock developer takes start or stop, not "${what}"`)
    const fleet = await loadFleet(typeof file === 'string' ? file : undefined)
    const copy = { developer: name, pipeline, ...(typeof branch === 'string' && { branch }) }
    return what === 'start' ? start(fleet, copy, invocation) : stop(fleet, copy, invocation)
  },
}

async function start(fleet: Fleet, copy: Copy, invocation: Invocation): Promise<number> {
  const own = developerCopy(fleet, { ...copy, connections: await connectionsOf(fleet, copy, invocation) })
  const workspace = workspaceFor(own, invocation)
  try {
    const status = await deployProven(workspace, invocation)
    if (status === 0 && !invocation.options.json)
      invocation.terminal.print(
        `${own.name} follows ${copy.branch ?? 'the branch of the pipeline'}; crossdock developer stop ${copy.developer} ${copy.pipeline} removes it`,
      )
    return status
  } finally {
    workspace.accounts.close()
  }
}

async function stop(fleet: Fleet, copy: Copy, invocation: Invocation): Promise<number> {
  const { terminal, options } = invocation
  const workspace = workspaceFor(developerCopy(fleet, copy), invocation)
  const { accounts, assembly } = workspace
  const removed: { stack: string; account: string; region: string }[] = []
  try {
    await remove(assembly, {
      accounts,
      pace: paceOf(accounts),
      removed: ({ name: stack, target }) => {
        removed.push({ stack, ...target })
        if (!options.json) terminal.print(`removed ${stack} in ${target.account} ${target.region}`)
      },
    })
  } finally {
    accounts.close()
  }
  const left = assembly.pipelines.flatMap(({ applications = [] }) =>
    applications.map(({ stack, account, region }) => ({ stack, account, region })),
  )
  if (options.json) terminal.print(JSON.stringify({ removed, left }, null, 2))
  else if (!removed.length) terminal.print('there was nothing to remove')
  else
    for (const { stack, account, region } of left)
      terminal.print(`what it deployed stays: the stack ${stack} in ${account} ${region}`)
  return 0
}

const workspaceFor = (fleet: Fleet, { terminal }: Invocation): Workspace => ({
  fleet,
  hub: fleet.hub,
  assembly: synthesize(fleet),
  accounts: new Accounts(accountsOfFleet(fleet), { patience: patienceOf(terminal) }),
})

/** The copy uses the fleet's connections, whose handshake somebody has finished. Errors: FleetError where there is none. */
async function connectionsOf(
  fleet: Fleet,
  copy: Copy,
  { terminal }: Invocation,
): Promise<ReadonlyMap<string, string>> {
  const [pipeline] = developerCopy(fleet, copy).pipelines
  const references = sharedConnections(fleet, pipeline!)
  const accounts = new Accounts([{ ...fleet.hub, name: 'hub' }], { patience: patienceOf(terminal) })
  const found = new Map<string, string>()
  try {
    for (const [source, reference] of references) {
      await accounts.verify(reference.target)
      const arn = await outputOf(accounts, reference)
      if (arn === undefined)
        throw new FleetError(`the connection of ${fleet.name} is not deployed yet`, {
          location: pipeline!.location,
          fix: 'run `crossdock deploy` first, and finish the handshake of its connection',
        })
      found.set(source, arn)
    }
  } finally {
    accounts.close()
  }
  return found
}
