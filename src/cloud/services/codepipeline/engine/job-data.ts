/** What a job tells whoever does it: the action's configuration, its place in the pipeline, its artifacts. */
import type { ActionDeclaration } from '../../../../model/index.ts'
import type { AssumedRole, Context } from '../../../kernel/context.ts'
import { pipelineArn } from '../kinds.ts'
import type { ActionRun, ArtifactAt, Execution, Job } from '../state.ts'
import { storeOf } from './artifact-objects.ts'
import { actionOf } from './records.ts'
import { roleSessions } from './role-sessions.ts'

interface Artifacts {
  readonly inputs: readonly ArtifactAt[]
  readonly outputs: readonly ArtifactAt[]
}

/** Where an artifact is, as jobs tell it. */
export const located = ({ name, bucket, key }: ArtifactAt) => ({
  name,
  location: { type: 'S3' as const, s3Location: { bucketName: bucket, objectKey: key } },
})

/** AWS: the credentials in a job reach this job's artifacts only. */
export function artifactPolicy({ inputs, outputs }: Artifacts): string {
  const arns = (list: readonly ArtifactAt[]) => list.map(({ bucket, key }) => `arn:aws:s3:::${bucket}/${key}`)
  const allow = (Action: string[], Resource: string[]) =>
    Resource.length ? [{ Effect: 'Allow', Action, Resource }] : []
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      ...allow(['s3:GetObject', 's3:GetObjectVersion'], arns(inputs)),
      ...allow(['s3:PutObject', 's3:PutObjectAcl'], arns(outputs)),
      // The key is named by the bucket's objects alone: the session's role says which it may use.
      { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '*' },
    ],
  })
}

/** Gives the credentials of a session as jobs carry them. */
export function credentialsOf({ credentials }: AssumedRole) {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  return { accessKeyId, secretAccessKey, sessionToken }
}

/**
 * Gives the data of a job. `ctx` acts as CodePipeline where the pipeline is. Errors: STS's AccessDenied.
 * AWS: with credentials for the artifacts, where the action has any, and with the values of secret properties.
 */
export async function jobData(ctx: Context, job: Job, execution: Execution, run: ActionRun) {
  const { declaration } = execution
  const action = actionOf(execution, run)
  const { encryptionKey } = hasArtifacts(run)
    ? storeOf(declaration, action.region ?? ctx.region, ctx.region)
    : {}
  return {
    actionTypeId: action.actionTypeId as never,
    actionConfiguration: { configuration: { ...run.resolved } },
    pipelineContext: {
      pipelineName: job.pipeline,
      pipelineArn: pipelineArn(ctx, job.pipeline),
      pipelineExecutionId: job.executionId,
      stage: { name: run.stage },
      action: { name: run.action, actionExecutionId: run.id },
    },
    inputArtifacts: run.inputs.map(located),
    outputArtifacts: run.outputs.map(located),
    artifactCredentials: hasArtifacts(run)
      ? await credentialsFor(ctx, declaration.roleArn, action, run)
      : undefined,
    continuationToken: job.continuationToken,
    encryptionKey: encryptionKey as { id: string; type: 'KMS' } | undefined,
  }
}

const hasArtifacts = ({ inputs, outputs }: Artifacts): boolean => inputs.length + outputs.length > 0

async function credentialsFor(
  ctx: Context,
  pipeline: string,
  { roleArn: action }: ActionDeclaration,
  run: ActionRun,
) {
  const sessions = roleSessions(ctx.causedBy(run.id), { pipeline, action })
  return credentialsOf(await sessions.limited(artifactPolicy(run)))
}
