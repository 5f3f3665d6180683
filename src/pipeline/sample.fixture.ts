/** A pipeline like the one that the hello example becomes; for tests. */
import type { ActionDeclaration, PipelineDeclaration } from '../model/index.ts'
import type { Surroundings } from './surroundings.ts'

export const HUB = '111111111111'
export const PROD = '444444444444'
export const HOME = { account: HUB, region: 'us-east-1' }
export const PIPELINE_ROLE = `arn:aws:iam::${HUB}:role/crossdock/hello-pipeline`
export const DEPLOY_ROLE = `arn:aws:iam::${PROD}:role/crossdock/hello-deploy`
export const STACK_ROLE = `arn:aws:iam::${PROD}:role/crossdock/hello-stack`
export const BUILD_ROLE = `arn:aws:iam::${HUB}:role/crossdock/hello-build`
export const CONNECTION = `arn:aws:codestar-connections:us-east-1:${HUB}:connection/c0ffee`
export const PROJECT = `arn:aws:codebuild:us-east-1:${HUB}:project/hello`

export const key = (region: string): string => `arn:aws:kms:${region}:${HUB}:key/${region}`

export const source: ActionDeclaration = {
  name: 'Source',
  actionTypeId: { category: 'Source', owner: 'AWS', provider: 'CodeStarSourceConnection', version: '1' },
  configuration: { ConnectionArn: CONNECTION, FullRepositoryId: 'example/hello', BranchName: 'main' },
  outputArtifacts: [{ name: 'SourceOutput' }],
  namespace: 'Source',
}

export const build: ActionDeclaration = {
  name: 'Build',
  actionTypeId: { category: 'Build', owner: 'AWS', provider: 'CodeBuild', version: '1' },
  configuration: { ProjectName: 'hello' },
  inputArtifacts: [{ name: 'SourceOutput' }],
  outputArtifacts: [{ name: 'BuildOutput' }],
}

export const approve: ActionDeclaration = {
  name: 'Approve',
  actionTypeId: { category: 'Approval', owner: 'AWS', provider: 'Manual', version: '1' },
  configuration: { CustomData: '#{Source.CommitMessage}' },
}

export const deploy = (region: string): ActionDeclaration => ({
  name: `Deploy-${region}`,
  actionTypeId: { category: 'Deploy', owner: 'AWS', provider: 'CloudFormation', version: '1' },
  runOrder: 2,
  region,
  roleArn: DEPLOY_ROLE,
  configuration: {
    ActionMode: 'CREATE_UPDATE',
    StackName: 'hello',
    TemplatePath: 'BuildOutput::template.yaml',
    RoleArn: STACK_ROLE,
    Capabilities: 'CAPABILITY_IAM',
    ParameterOverrides: JSON.stringify({
      Stage: 'prod',
      CodeBucket: { 'Fn::GetArtifactAtt': ['BuildOutput', 'BucketName'] },
      CodeKey: { 'Fn::GetArtifactAtt': ['BuildOutput', 'ObjectKey'] },
    }),
  },
  inputArtifacts: [{ name: 'BuildOutput' }],
})

const store = (region: string) => ({
  type: 'S3' as const,
  location: `hello-${HUB}-${region}`,
  encryptionKey: { id: key(region), type: 'KMS' as const },
})

/** A valid pipeline: source, build, and an approved deployment to two regions of another account. */
export const hello: PipelineDeclaration = {
  name: 'hello',
  roleArn: PIPELINE_ROLE,
  pipelineType: 'V2',
  artifactStores: { 'us-east-1': store('us-east-1'), 'eu-west-1': store('eu-west-1') },
  stages: [
    { name: 'Source', actions: [source] },
    { name: 'Build', actions: [build] },
    { name: 'Prod', actions: [approve, deploy('us-east-1'), deploy('eu-west-1')] },
  ],
}

export const surroundings: Surroundings = {
  ...HOME,
  artifactBucketKeyArn: key,
  project: (name, where) =>
    name === 'hello'
      ? {
          ...where,
          name,
          serviceRole: BUILD_ROLE,
          encryptionKey: key('us-east-1'),
          logGroup: `arn:aws:logs:us-east-1:${HUB}:log-group:/aws/codebuild/hello`,
        }
      : undefined,
}

/** Gives the pipeline with one stage's actions replaced. */
export function withStage(name: string, actions: readonly ActionDeclaration[]): PipelineDeclaration {
  return {
    ...hello,
    stages: hello.stages.map((stage) => (stage.name === name ? { ...stage, actions } : stage)),
  }
}
