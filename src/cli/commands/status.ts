/** `crossdock status`: where the pipelines stand, or one of them in full. */
import { setTimeout as rest } from 'node:timers/promises'
import { type LeftOver, pipelinesOf, strayInHub } from '../../deploy/index.ts'
import { FleetError } from '../../model/index.ts'
import {
  type DetailedExecution,
  lookAt,
  policyPlaces,
  type StandingLook,
  standings,
  waitingApprovals,
  waitingIn,
} from '../../operate/index.ts'
import { type Command, type Invocation, UsageError } from '../command.ts'
import { describeError } from '../describe-error.ts'
import { fromFile } from '../fleet-origin.ts'
import { interrupted } from '../interrupted.ts'
import { connectionDocument, connectionsToAuthorize, printConnections } from '../next-steps.ts'
import { organizationIn } from '../organization-input.ts'
import type { Terminal } from '../terminal.ts'
import { warnOfTrouble } from '../view/denials.ts'
import { printExecution } from '../view/execution-view.ts'
import { fleetLines } from '../view/fleet-view.ts'
import { leftDocument, printStray } from '../view/left-view.ts'
import {
  choosePipeline,
  EXECUTION_OPTION,
  executionIn,
  FLEET_OPTION,
  type Workspace,
  withWorkspace,
} from '../workspace.ts'

export const status: Command = {
  arguments: [{ flags: '[pipeline]', description: 'the pipeline, in full; without it, an overview of all' }],
  options: [
    FLEET_OPTION,
    EXECUTION_OPTION,
    { flags: '--watch', description: 'show the overview again and again, until it is interrupted' },
    {
      flags: '--exit-status',
      description: 'exit with 1 where the newest execution of a pipeline has failed',
    },
  ],
  examples: ['status', 'status shop', 'status --watch', 'status shop --exit-status'],
  run: (invocation) => {
    const execution = executionIn(invocation)
    return withWorkspace(invocation, async (workspace) => {
      const { options } = invocation
      const [named] = invocation.arguments
      const { pipelines } = workspace.assembly
      const isOne = named !== undefined || pipelines.length === 1
      if (options.watch && named !== undefined)
        throw new UsageError(`--watch shows all pipelines; see one live with "crossdock watch ${named}"`)
      if (!isOne && execution)
        throw new UsageError('--execution is one of a pipeline: name the pipeline before it')
      if (options.watch) return watchAll(workspace, invocation)
      if (!isOne) return showAll(workspace, invocation)
      const status = await showOne(workspace, invocation, choosePipeline(workspace, named), execution)
      if (named === undefined && !options.json) await printStrays(workspace, invocation.terminal)
      return status
    })
  },
}

async function showOne(
  workspace: Workspace,
  { terminal, options }: Invocation,
  pipeline: string,
  execution: string | undefined,
): Promise<number> {
  const { state, trouble } = await lookAt(workspace, pipeline, {
    execution,
    ...(!options.json && { places: policyPlaces(workspace.assembly, organizationIn(workspace)) }),
  })
  warnOfTrouble(terminal, trouble)
  if (options.json) terminal.print(JSON.stringify(state ? [state] : [], null, 2))
  else if (state) await printOne(workspace, terminal, state)
  else terminal.print(`${terminal.colors.bold(pipeline)} has not run yet`)
  return options.exitStatus && state?.status === 'Failed' ? 1 : 0
}

async function printOne(workspace: Workspace, terminal: Terminal, state: DetailedExecution): Promise<void> {
  const { pipeline } = state
  printExecution(terminal, state, Date.now())
  if (waitingApprovals(state).length)
    terminal.print(`answer with "crossdock approve ${pipeline}" or "crossdock reject ${pipeline}"`)
  const others = (await waitingIn(workspace, pipeline)).filter(({ execution }) => execution !== state.id)
  for (const { stage, action, execution } of others)
    terminal.print(
      `the execution ${execution} waits in ${stage} / ${action}: "crossdock approve ${pipeline} --execution ${execution}"`,
    )
}

async function showAll(workspace: Workspace, { terminal, options }: Invocation): Promise<number> {
  const [looks, stray, pending] = await Promise.all([
    standings(workspace),
    strayPipelines(workspace),
    connectionsToAuthorize(workspace),
  ])
  if (options.json)
    terminal.print(
      JSON.stringify(
        [...looks.map(documentOf), ...stray.stacks.map(leftDocument), ...pending.map(connectionDocument)],
        null,
        2,
      ),
    )
  else {
    for (const line of overviewLines(looks, terminal)) terminal.print(line)
    printStray(stray.stacks, stray.unseen, terminal)
    printConnections(pending, terminal)
  }
  const failed = looks.some(({ standing }) => standing?.newest?.status === 'Failed')
  return looks.some(({ error }) => error !== undefined) || (options.exitStatus && failed) ? 1 : 0
}

async function printStrays(workspace: Workspace, terminal: Terminal): Promise<void> {
  const [{ stacks, unseen }, pending] = await Promise.all([
    strayPipelines(workspace),
    connectionsToAuthorize(workspace),
  ])
  printStray(stacks, unseen, terminal)
  printConnections(pending, terminal)
}

/** Pipelines of the fleet that are in its file no more. */
async function strayPipelines(workspace: Workspace): Promise<LeftOver> {
  const { stacks, unseen } = await strayInHub(fromFile(workspace), workspace.accounts)
  return { stacks: stacks.filter((stack) => pipelinesOf(stack).length), unseen }
}

const documentOf = ({ id, standing, error }: StandingLook) => {
  if (standing) return { id, ...standing }
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  return { id, error: { name, message } }
}

function overviewLines(looks: readonly StandingLook[], terminal: Terminal): string[] {
  const known = looks.flatMap(({ id, standing }) => (standing ? [{ id, standing }] : []))
  const unknown = looks.flatMap(({ id, error }) =>
    error === undefined ? [] : `  ${terminal.colors.bold(id)}  ${describeError(error, terminal)}`,
  )
  return [...fleetLines(known, terminal, Date.now()), ...unknown]
}

/** Milliseconds between two looks at all pipelines, two calls each. */
const WATCH_INTERVAL = 5000

/** Draws the overview until it is interrupted; without a terminal it is printed whenever it has changed. */
async function watchAll(workspace: Workspace, { terminal, options }: Invocation): Promise<number> {
  if (options.json)
    throw new FleetError('--watch has no --json', { fix: 'ask again and again with "status --json"' })
  const over = new AbortController()
  const end = interrupted().then(() => over.abort())
  let told = ''
  while (!over.signal.aborted) {
    const lines = overviewLines(await standings(workspace), terminal)
    const now = lines.join('\n')
    if (terminal.interactive) terminal.draw(lines)
    else if (now !== told) terminal.print(now)
    told = now
    await Promise.race([rest(WATCH_INTERVAL, undefined, { signal: over.signal }).catch(() => undefined), end])
  }
  terminal.keep()
  return 0
}
