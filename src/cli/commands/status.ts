/** `crossdock status`: how the pipelines stand. */
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import {
  declarationOf,
  type ExecutionState,
  executionState,
  executions,
  waitingApprovals,
} from '../../operate/index.ts'
import type { Command } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import { formatAction } from '../view/pipeline-view.ts'
import { choosePipeline, FLEET_OPTION, type Workspace, workspaceOf } from '../workspace.ts'

/** The newest execution of a pipeline, or the one with the id; undefined when it never ran. */
export async function stateOf(
  workspace: Workspace,
  pipeline: string,
  id?: string,
): Promise<ExecutionState | undefined> {
  const { hub } = workspace.fleet
  const client = await workspace.accounts.client(CodePipelineClient, hub)
  const wanted = id ?? (await executions(client, pipeline))[0]?.pipelineExecutionId
  if (!wanted) return undefined
  return executionState(client, await declarationOf(client, pipeline), hub, wanted)
}

export const status: Command = {
  arguments: [{ flags: '[pipeline]', description: 'the pipeline' }],
  options: [FLEET_OPTION, { flags: '--execution <id>', description: 'an older execution' }],
  run: async (invocation) => {
    const { terminal, options } = invocation
    const workspace = await workspaceOf(invocation)
    const [named] = invocation.arguments
    const ids = named ? [choosePipeline(workspace, named)] : workspace.fleet.pipelines.map((one) => one.id)
    const states: (ExecutionState | undefined)[] = []
    for (const id of ids)
      states.push(
        await stateOf(workspace, id, typeof options.execution === 'string' ? options.execution : undefined),
      )
    workspace.accounts.close()
    if (options.json) terminal.print(JSON.stringify(states.filter(Boolean), null, 2))
    else for (const [index, state] of states.entries()) print(terminal, ids[index]!, state)
    return 0
  },
}

function print(terminal: Terminal, id: string, state: ExecutionState | undefined): void {
  const { colors } = terminal
  if (!state) return terminal.print(`${colors.bold(id)} has not run yet`)
  const revision = state.revision ? `  ${state.revision.id.slice(0, 8)} ${state.revision.summary ?? ''}` : ''
  terminal.print(`${colors.bold(id)}  ${state.status}${colors.dim(`  ${state.id}${revision}`)}`)
  for (const stage of state.stages) {
    terminal.print(`  ${colors.bold(stage.name)}`)
    for (const action of stage.actions) terminal.print(`    ${formatAction(action, terminal, Date.now())}`)
  }
  if (waitingApprovals(state).length)
    terminal.print(`answer with "crossdock approve ${id}" or "crossdock reject ${id}"`)
}
