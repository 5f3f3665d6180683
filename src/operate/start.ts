/** Starting and stopping executions by hand. */
import { type CodePipelineClient, StartPipelineExecutionCommand } from '@aws-sdk/client-codepipeline'

/** Starts the pipeline and gives the execution's id. */
export async function startPipeline(client: CodePipelineClient, name: string): Promise<string> {
  const { pipelineExecutionId = '' } = await client.send(new StartPipelineExecutionCommand({ name }))
  return pipelineExecutionId
}
