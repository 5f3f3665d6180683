/** `crossdock stop`: ends an execution before it has. */
import { userInfo } from 'node:os'
import { startedExecution, stopExecution } from '../../operate/index.ts'
import { isWanted, YES_OPTION } from '../ask.ts'
import type { Command } from '../command.ts'
import { revisionText } from '../view/execution-line.ts'
import {
  choosePipeline,
  EXECUTION_OPTION,
  executionIn,
  FLEET_OPTION,
  PIPELINE_ARGUMENT,
  withWorkspace,
} from '../workspace.ts'

export const stop: Command = {
  arguments: [PIPELINE_ARGUMENT],
  options: [
    FLEET_OPTION,
    EXECUTION_OPTION,
    {
      flags: '--abandon',
      description: 'leave running actions to themselves instead of letting them end first',
    },
    { flags: '-m, --message <text>', description: 'the reason, kept with the execution' },
    YES_OPTION,
  ],
  examples: ['stop shop', 'stop shop --abandon -m "wrong branch"'],
  run: (invocation) => {
    const wanted = executionIn(invocation)
    return withWorkspace(invocation, async (workspace) => {
      const { terminal, options } = invocation
      const pipeline = choosePipeline(workspace, invocation.arguments[0])
      const { id, status, revision } = await startedExecution(workspace, pipeline, wanted)
      const commit = revision ? ` (${revisionText([revision])})` : ''
      if (!(await isWanted(invocation, `stop the execution ${id} of ${pipeline}${commit}, ${status}?`)))
        return 1
      const abandon = options.abandon === true
      const reason =
        typeof options.message === 'string' ? options.message : `stopped by ${userInfo().username}`
      await stopExecution(workspace, pipeline, id, { reason, abandon })
      if (options.json) terminal.print(JSON.stringify({ pipeline, execution: id, abandon, reason }))
      else
        terminal.print(
          `stopping ${pipeline}: execution ${id}${abandon ? ', its running actions are left to themselves' : ' ends when its running actions have'}`,
        )
      return 0
    })
  },
}
