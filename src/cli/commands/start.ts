/** `crossdock start`: starts a pipeline by hand. */
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { startPipeline } from '../../operate/index.ts'
import type { Command } from '../command.ts'
import { choosePipeline, FLEET_OPTION, workspaceOf } from '../workspace.ts'

export const start: Command = {
  arguments: [{ flags: '[pipeline]', description: 'the pipeline; may be left out when there is only one' }],
  options: [FLEET_OPTION],
  run: async (invocation) => {
    const { terminal, options } = invocation
    const workspace = await workspaceOf(invocation)
    const pipeline = choosePipeline(workspace, invocation.arguments[0])
    const client = await workspace.accounts.client(CodePipelineClient, workspace.fleet.hub)
    const execution = await startPipeline(client, pipeline)
    workspace.accounts.close()
    terminal.print(
      options.json ? JSON.stringify({ pipeline, execution }) : `started ${pipeline}: execution ${execution}`,
    )
    return 0
  },
}
