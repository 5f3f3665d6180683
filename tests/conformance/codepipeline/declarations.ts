/** Pipelines for tests: an object as source, approvals or deployments behind it. */
import type { ActionDeclaration, PipelineDeclaration } from '@aws-sdk/client-codepipeline'

type Category = NonNullable<ActionDeclaration['actionTypeId']>['category']

/** Gives an action of one of AWS's own types. */
export const action = (
  name: string,
  type: [Category, string],
  rest: Partial<ActionDeclaration> = {},
): ActionDeclaration => ({
  name,
  actionTypeId: { category: type[0], owner: 'AWS', provider: type[1], version: '1' },
  ...rest,
})

export const s3Source = (bucket: string, rest: Partial<ActionDeclaration> = {}): ActionDeclaration =>
  action('Fetch', ['Source', 'S3'], {
    configuration: { S3Bucket: bucket, S3ObjectKey: 'app.zip', PollForSourceChanges: 'false' },
    outputArtifacts: [{ name: 'SourceOutput' }],
    namespace: 'Fetched',
    ...rest,
  })

export const approval = (name = 'Approve', rest: Partial<ActionDeclaration> = {}): ActionDeclaration =>
  action(name, ['Approval', 'Manual'], rest)

/** Gives a pipeline with one stage per list of actions: Source, then Stage1, Stage2 … */
export const pipelineOf = (
  name: string,
  roleArn: string,
  bucket: string,
  stages: ActionDeclaration[][],
  rest: Partial<PipelineDeclaration> = {},
): PipelineDeclaration => ({
  name,
  roleArn,
  pipelineType: 'V2',
  artifactStore: { type: 'S3', location: bucket },
  stages: stages.map((actions, index) => ({ name: index ? `Stage${index}` : 'Source', actions })),
  ...rest,
})
