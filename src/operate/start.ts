/** Starting executions by hand. */
import { randomUUID } from 'node:crypto'
import { type CodePipelineClient, StartPipelineExecutionCommand } from '@aws-sdk/client-codepipeline'

/** Starts the pipeline once, also where the answer is lost and asked for again, and gives the execution's id. */
export async function startPipeline(client: CodePipelineClient, name: string): Promise<string> {
  // AWS: the same client request token gives the execution that it started before.
  const { pipelineExecutionId = '' } = await client.send(
    new StartPipelineExecutionCommand({ name, clientRequestToken: randomUUID() }),
  )
  return pipelineExecutionId
}
