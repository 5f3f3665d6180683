/** `crossdock watch`: an execution live, until it has ended. */
import { startedExecution } from '../../operate/index.ts'
import type { Command } from '../command.ts'
import { watchExecution } from '../watch-execution.ts'
import {
  choosePipeline,
  EXECUTION_OPTION,
  executionIn,
  FLEET_OPTION,
  PIPELINE_ARGUMENT,
  withWorkspace,
} from '../workspace.ts'

export const watch: Command = {
  arguments: [PIPELINE_ARGUMENT],
  options: [FLEET_OPTION, EXECUTION_OPTION],
  examples: ['watch shop', 'watch shop --execution 1f9c4c52-0a5e-4f0e-9c1c-2f1f7a3b9d10'],
  run: (invocation) => {
    const id = executionIn(invocation)
    return withWorkspace(invocation, async (workspace) => {
      const pipeline = choosePipeline(workspace, invocation.arguments[0])
      const { id: execution } = await startedExecution(workspace, pipeline, id)
      return watchExecution(workspace, invocation, { pipeline, execution })
    })
  },
}
