/** Starting executions by hand. */
import { randomUUID } from 'node:crypto'
import { CodePipelineClient, StartPipelineExecutionCommand } from '@aws-sdk/client-codepipeline'
import type { Home } from './execution.ts'

/** Starts the pipeline once, also where the answer is lost and asked for again, and gives the execution's id. */
export async function startPipeline(client: CodePipelineClient, name: string): Promise<string> {
  // AWS: the same client request token gives the execution that it started before.
  const { pipelineExecutionId = '' } = await client.send(
    new StartPipelineExecutionCommand({ name, clientRequestToken: randomUUID() }),
  )
  return pipelineExecutionId
}

/** As `startPipeline`, in the fleet's hub. */
export const startExecution = async ({ accounts, hub }: Home, pipeline: string): Promise<string> =>
  startPipeline(await accounts.client(CodePipelineClient, hub), pipeline)
