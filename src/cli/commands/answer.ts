/** `crossdock approve` and `crossdock reject`: answer what waits for a person, in whichever execution it waits. */
import { userInfo } from 'node:os'
import { FleetError } from '../../model/index.ts'
import {
  answerWaiting,
  type ExecutionState,
  pendingChanges,
  startedExecution,
  waitingApprovals,
  waitingIn,
} from '../../operate/index.ts'
import { isWanted, YES_OPTION } from '../ask.ts'
import { type Command, type Invocation, UsageError } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import { printChanges } from '../view/changes.ts'
import { revisionText } from '../view/execution-line.ts'
import { age } from '../view/text.ts'
import {
  choosePipeline,
  EXECUTION_OPTION,
  executionIn,
  FLEET_OPTION,
  PIPELINE_ARGUMENT,
  type Workspace,
  withWorkspace,
} from '../workspace.ts'

const answer = (name: 'approve' | 'reject', approved: boolean): Command => ({
  arguments: [PIPELINE_ARGUMENT],
  options: [
    FLEET_OPTION,
    EXECUTION_OPTION,
    { flags: '-m, --message <text>', description: 'the reason, kept with the answer' },
    YES_OPTION,
  ],
  examples: [
    `${name} shop`,
    `${name} shop --execution 1f9c4c52-0a5e-4f0e-9c1c-2f1f7a3b9d10 -m "seen by two"`,
  ],
  run: (invocation) => {
    const wanted = executionIn(invocation)
    return withWorkspace(invocation, async (workspace) => {
      const { terminal, options } = invocation
      const pipeline = choosePipeline(workspace, invocation.arguments[0])
      const state = await waitingState(workspace, invocation, pipeline, wanted)
      if (!options.json) {
        printAsked(terminal, state)
        printChanges(terminal, await pendingChanges(workspace.accounts, state))
      }
      if (!(await isWanted(invocation, `${name} it?`))) return 1
      const summary =
        typeof options.message === 'string' ? options.message : `${name} by ${userInfo().username}`
      const answered = await answerWaiting(workspace, state, { approved, summary })
      if (options.json) {
        const stages = answered.map((one) => one.stage)
        terminal.print(JSON.stringify({ pipeline, execution: state.id, approved, stages }))
        return 0
      }
      for (const { stage, action } of answered)
        terminal.print(`${approved ? 'approved' : 'rejected'} ${pipeline} / ${stage} / ${action.name}`)
      return 0
    })
  },
})

export const approve = answer('approve', true)
export const reject = answer('reject', false)

/**
 * The execution that waits: the one that was named, the only one, or the one that the person chooses.
 * Errors: FleetError where none waits, UsageError where several do and nobody can be asked.
 */
async function waitingState(
  workspace: Workspace,
  { terminal, options }: Invocation,
  pipeline: string,
  wanted: string | undefined,
): Promise<ExecutionState> {
  const ids = wanted
    ? [wanted]
    : [...new Set((await waitingIn(workspace, pipeline)).map((one) => one.execution))]
  // Where nothing waits by what the pipeline tells, its newest execution says how it stands.
  const states = await Promise.all(
    (ids.length ? ids : [undefined]).map((id) => startedExecution(workspace, pipeline, id)),
  )
  const waiting = states.filter((state) => waitingApprovals(state).length)
  if (waiting.length === 1) return waiting[0]!
  if (!waiting.length)
    throw new FleetError(
      `no approval waits in ${pipeline} (execution ${states[0]!.id} is ${states[0]!.status})`,
      { fix: 'look with "crossdock status"' },
    )
  if (terminal.interactive && !options.json) {
    const choices = waiting.map((state) => ({ value: state.id, label: headOf(state) }))
    const id = await terminal.choose('Several executions wait. Which one?', choices)
    return waiting.find((state) => state.id === id)!
  }
  throw new UsageError(
    `several executions of ${pipeline} wait; name one with --execution:\n${waiting.map((state) => `  ${headOf(state)}`).join('\n')}`,
  )
}

/** Which execution it is, with its commit, and where it waits. */
function headOf(state: ExecutionState): string {
  const { id, revision } = state
  const commit = revision ? revisionText([revision]) : 'no revision'
  const waiting = waitingApprovals(state).map(({ stage, action }) => `${stage} / ${action.name}`)
  return `${id}  ${commit}  waits in ${waiting.join(', ')}`
}

function printAsked(terminal: Terminal, state: ExecutionState): void {
  const { colors } = terminal
  const [first] = waitingApprovals(state)
  const since = first?.action.started
  terminal.print(`${colors.bold(state.pipeline)}  ${headOf(state)}`)
  if (since !== undefined) terminal.print(colors.dim(`  for ${age(Date.now() - since)}`))
}
