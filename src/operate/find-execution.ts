/** Finding an execution by its id alone: AWS's names no pipeline. */
import { CodePipelineClient, GetPipelineExecutionCommand } from '@aws-sdk/client-codepipeline'
import { FleetError } from '../model/index.ts'
import type { Home } from './execution.ts'
import { sideBySide } from './side-by-side.ts'

/** Pipelines that are asked side by side. */
const WIDTH = 16

/** Gives the pipeline that an execution is of. Errors: FleetError where it is none's, and AWS's. */
export async function findExecution(
  { accounts, hub }: Home,
  pipelines: readonly string[],
  pipelineExecutionId: string,
): Promise<string> {
  const client = await accounts.client(CodePipelineClient, hub)
  const looks = await sideBySide(pipelines, WIDTH, (pipelineName) =>
    client
      .send(new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId }))
      .then(() => pipelineName),
  )
  const found = looks.find((one) => one.status === 'fulfilled')
  if (found?.status === 'fulfilled') return found.value
  const isAbsent = (error: Error) =>
    error.name === 'PipelineExecutionNotFoundException' || error.name === 'PipelineNotFoundException'
  const trouble = looks.find((one) => one.status === 'rejected' && !isAbsent(one.reason as Error))
  if (trouble?.status === 'rejected') throw trouble.reason
  throw new FleetError(`no pipeline of the fleet has the execution ${pipelineExecutionId}`, {
    fix: 'see which there are: "crossdock history <pipeline>"',
  })
}
