/** `crossdock start`: starts a pipeline by hand. */
import { startExecution } from '../../operate/index.ts'
import type { Command } from '../command.ts'
import { choosePipeline, FLEET_OPTION, withWorkspace } from '../workspace.ts'

export const start: Command = {
  arguments: [{ flags: '[pipeline]', description: 'the pipeline; may be left out when there is only one' }],
  options: [FLEET_OPTION],
  run: (invocation) =>
    withWorkspace(invocation, async (workspace) => {
      const pipeline = choosePipeline(workspace, invocation.arguments[0])
      const execution = await startExecution(workspace, pipeline)
      invocation.terminal.print(
        invocation.options.json
          ? JSON.stringify({ pipeline, execution })
          : `started ${pipeline}: execution ${execution}`,
      )
      return 0
    }),
}
