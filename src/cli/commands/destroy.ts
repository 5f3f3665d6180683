/** `crossdock destroy`: takes a fleet, or one of its pipelines, out of its accounts. */
import { fleetStacks, type OwnStack, repositoriesOf } from '../../deploy/index.ts'
import type { AssemblyStack } from '../../model/index.ts'
import { pipelineStacks } from '../../synth/index.ts'
import { YES_OPTION } from '../ask.ts'
import type { Command, Invocation } from '../command.ts'
import { fromFile } from '../fleet-origin.ts'
import { FORCE_UNLOCK_OPTION } from '../hold.ts'
import { LEFT_ACCOUNT_OPTION, reachOf } from '../named-accounts.ts'
import { APPLICATIONS_OPTION, statusOf, takeAwayAndShow, takenDocument } from '../prune.ts'
import { quiet, type Terminal } from '../terminal.ts'
import { leftDocument, printConsequences, printStacks, printUnseen } from '../view/left-view.ts'
import { countOf } from '../view/text.ts'
import { choosePipeline, FLEET_OPTION, type Workspace, withWorkspace } from '../workspace.ts'

export const destroy: Command = {
  arguments: [{ flags: '[pipeline]', description: 'the pipeline; all that the fleet has without it' }],
  options: [FLEET_OPTION, YES_OPTION, APPLICATIONS_OPTION, LEFT_ACCOUNT_OPTION, FORCE_UNLOCK_OPTION],
  examples: ['destroy', 'destroy orders --yes', 'destroy --applications'],
  run: (invocation) => withWorkspace(invocation, (workspace) => destroyIn(workspace, invocation)),
}

async function destroyIn(workspace: Workspace, invocation: Invocation): Promise<number> {
  const { options } = invocation
  const [named] = invocation.arguments
  const terminal = options.json ? quiet(invocation.terminal) : invocation.terminal
  const reach = reachOf(workspace, invocation)
  const scope = named === undefined ? undefined : scopeOf(workspace, choosePipeline(workspace, named))
  const found = await fleetStacks(
    fromFile(workspace),
    { accounts: workspace.accounts, reach },
    scope?.others ?? [],
  )
  const stacks = found.stacks.filter((one) => scope?.isMeant(one) ?? true)
  const what = named === undefined ? `the fleet ${workspace.fleet.name}` : `the pipeline ${named}`
  const document = { stacks: stacks.map(leftDocument), unseen: found.unseen }
  const answer = (status: number, more: object): number => {
    if (options.json) invocation.terminal.print(JSON.stringify({ ...document, ...more }, null, 2))
    return status
  }
  printUnseen(found.unseen, terminal)
  if (!stacks.length) {
    terminal.print(`there is nothing of ${what}`)
    return answer(0, { removed: [], stays: [] })
  }
  terminal.print(terminal.colors.bold(`To be removed of ${what}`))
  printStacks(stacks, terminal)
  printConsequences(stacks, terminal)
  for (const id of scope?.followers ?? [])
    terminal.print(`  the pipeline ${id} starts after it, and will not any more`)
  if (!(await isWanted(stacks, what, terminal, options.yes === true)))
    return answer(1, { removed: [], stays: [] })
  const again = named === undefined ? 'crossdock destroy' : `crossdock destroy ${named}`
  const taken = await takeAwayAndShow(found, { stacks, command: again }, reach, invocation)
  if (taken.stays.length) terminal.print(`"${again}" goes on from here, once what stays may go`)
  else terminal.print(`nothing is left of ${what}`)
  if (named !== undefined)
    terminal.print('take it out of the fleet file: the next "crossdock deploy" makes it again')
  return answer(statusOf(taken), takenDocument(taken))
}

/** Which stacks a pipeline has for itself, those that the others have, and which pipelines start after it. */
function scopeOf({ fleet, assembly }: Workspace, pipeline: string) {
  const { id } = assembly.pipelines.find(({ declaration }) => declaration.name === pipeline)!
  const own = new Set(pipelineStacks(fleet, assembly, id).map(keyOf))
  return {
    others: assembly.waves.flat().filter((stack) => !own.has(keyOf(stack))),
    followers: fleet.pipelines.flatMap((one) => (one.start.after.includes(id) ? one.id : [])),
    isMeant: (one: OwnStack) => own.has(keyOf(one)),
  }
}

const keyOf = ({ name, target: { account, region } }: Pick<AssemblyStack, 'name' | 'target'>): string =>
  `${account} ${region} ${name}`

async function isWanted(
  stacks: readonly OwnStack[],
  what: string,
  terminal: Terminal,
  yes: boolean,
): Promise<boolean> {
  if (yes) return true
  const repositories = stacks.flatMap(repositoriesOf).length
  const lost = repositories ? `, with ${countOf(repositories, 'repository').replace(/ys$/, 'ies')}` : ''
  if (
    terminal.interactive &&
    (await terminal.confirm(`Remove ${countOf(stacks.length, 'stack')} of ${what}${lost}?`))
  )
    return true
  terminal.warn(`nothing was removed${terminal.interactive ? '' : '; --yes removes it without asking'}`)
  return false
}
