/** The start of another pipeline. */
import { readJson } from '../../../../model/index.ts'
import { ActionFailure, type Runner } from './runner.ts'

export const codePipelineInvoke: Runner = {
  id: 'Invoke/CodePipeline',
  run: async (job) => {
    const { PipelineName: name = '', SourceRevisions, Variables } = job.configuration
    const { pipelineExecutionId: id } = await job.call('codepipeline', 'StartPipelineExecution', {
      name,
      clientRequestToken: job.actionRunId,
      sourceRevisions: list(SourceRevisions, 'SourceRevisions'),
      variables: list(Variables, 'Variables'),
    })
    return { external: { id, summary: `Started the pipeline ${name}` } }
  },
}

function list(text: string | undefined, key: string): never | undefined {
  if (!text) return undefined
  try {
    return readJson(text) as never
  } catch {
    throw new ActionFailure(`${key} is not valid JSON`, { code: 'ConfigurationError' })
  }
}
