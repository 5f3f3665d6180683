/** The start of another pipeline. */
import { formatArn } from '../../model/index.ts'
import { type ActionProvider, awsAction, between, needAll } from '../provider.ts'

/** AWS: "AWS CodePipeline invoke action reference" names codepipeline:StartPipelineExecution alone. */
export const codePipelineInvoke: ActionProvider = {
  type: awsAction('Invoke', 'CodePipeline'),
  inputs: between(0, 0),
  outputs: between(0, 0),
  configuration: { PipelineName: { required: true, names: 'pipeline' }, SourceRevisions: {}, Variables: {} },
  variables: [],
  pipelineType: 'V2',
  needs: ({ role, account, region, value }) =>
    needAll(
      role,
      ['codepipeline:StartPipelineExecution'],
      formatArn('codepipeline', region, account, value('PipelineName')),
      `to start the pipeline ${value('PipelineName')}`,
    ),
}
