/** `crossdock retry`: runs the stage again that an execution failed in. */
import { failedStage, retryStage, startedExecution } from '../../operate/index.ts'
import type { Command } from '../command.ts'
import { watchExecution } from '../watch-execution.ts'
import {
  checkedStage,
  choosePipeline,
  EXECUTION_OPTION,
  executionIn,
  FLEET_OPTION,
  PIPELINE_ARGUMENT,
  STAGE_OPTION,
  WAIT_OPTION,
  withWorkspace,
} from '../workspace.ts'

export const retry: Command = {
  arguments: [PIPELINE_ARGUMENT],
  options: [
    FLEET_OPTION,
    EXECUTION_OPTION,
    STAGE_OPTION,
    { flags: '--all', description: 'run all actions of the stage again, not only those that failed' },
    WAIT_OPTION,
  ],
  examples: ['retry shop', 'retry shop --stage prod --all --wait'],
  run: (invocation) => {
    const wanted = executionIn(invocation)
    return withWorkspace(invocation, async (workspace) => {
      const { terminal, options } = invocation
      const pipeline = choosePipeline(workspace, invocation.arguments[0])
      const state = await startedExecution(workspace, pipeline, wanted)
      const stage = checkedStage(state, options.stage) ?? failedStage(state)
      await retryStage(workspace, state, stage, options.all ? 'ALL_ACTIONS' : 'FAILED_ACTIONS')
      if (!options.json) terminal.print(`trying ${pipeline} / ${stage} again: execution ${state.id}`)
      if (options.wait) return watchExecution(workspace, invocation, { pipeline, execution: state.id })
      if (options.json) terminal.print(JSON.stringify({ pipeline, execution: state.id, stage }))
      return 0
    })
  },
}
