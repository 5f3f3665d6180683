/** Accounts, roles, keys and buckets that a test pipeline works with. */
import {
  CodePipelineClient,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  ListActionExecutionsCommand,
} from '@aws-sdk/client-codepipeline'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import {
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type { CloudOptions } from '../../../src/cloud/index.ts'
import { HUB, startTestCloud, type TestCloud } from '../cloud.ts'

export const REGION = 'us-east-1'

export interface Allow {
  readonly Action: string | string[]
  readonly Resource?: string | string[]
  readonly Condition?: object
}

export interface Run {
  readonly action?: string
  readonly status?: string
  readonly error?: { code?: string; message?: string }
  readonly summary?: string
  readonly id?: string
  readonly variables?: Record<string, string>
  readonly inputs: string[]
  readonly outputs: string[]
}

export interface StageNow {
  readonly status?: string
  readonly execution?: string
  readonly inbound: (string | undefined)[]
  readonly actions: Record<string, { status?: string; token?: string; error?: string } | undefined>
}

const document = (allow: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement: allow })
const root = (account: string) => `arn:aws:iam::${account}:root`

/** Starts a cloud with what is needed to build pipelines in it. */
export async function openWorkshop(options: CloudOptions = {}) {
  const test = await startTestCloud(options)
  return furnish(test)
}

export type Workshop = ReturnType<typeof furnish>

function furnish(test: TestCloud) {
  const codepipeline = test.client(CodePipelineClient)
  const s3 = test.client(S3Client)

  /** Creates a role that a service, or the principal of an ARN, may assume; gives its ARN. */
  async function role(
    name: string,
    trusted: string,
    allow: readonly Allow[],
    account = HUB,
  ): Promise<string> {
    const iam = test.client(IAMClient, { account })
    const Principal = trusted.startsWith('arn:') ? { AWS: trusted } : { Service: trusted }
    const trust = document([{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }])
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }),
    )
    if (allow.length) {
      const policy = document(allow.map((one) => ({ Effect: 'Allow', Resource: '*', ...one })))
      await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'p', PolicyDocument: policy }))
    }
    return Role!.Arn!
  }

  /** Creates a versioned bucket of the hub that the accounts may use; gives its name. */
  async function bucket(name: string, region = REGION, accounts: readonly string[] = []): Promise<string> {
    const client = test.client(S3Client, { region })
    const LocationConstraint = region === REGION ? undefined : (region as 'eu-west-1')
    await client.send(
      new CreateBucketCommand({
        Bucket: name,
        CreateBucketConfiguration: LocationConstraint && { LocationConstraint },
      }),
    )
    const VersioningConfiguration = { Status: 'Enabled' as const }
    await client.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration }))
    if (accounts.length) {
      const Resource = [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`]
      const statement = { Effect: 'Allow', Principal: { AWS: accounts.map(root) }, Action: 's3:*', Resource }
      await client.send(new PutBucketPolicyCommand({ Bucket: name, Policy: document([statement]) }))
    }
    return name
  }

  /** Creates a key of the hub that the accounts may use; gives its ARN. */
  async function key(region = REGION, accounts: readonly string[] = []): Promise<string> {
    const Principal = { AWS: [HUB, ...accounts].map(root) }
    const Policy = document([{ Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' }])
    const { KeyMetadata } = await test.client(KMSClient, { region }).send(new CreateKeyCommand({ Policy }))
    return KeyMetadata!.Arn!
  }

  async function execution(pipelineName: string, pipelineExecutionId: string) {
    const command = new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId })
    return (await codepipeline.send(command)).pipelineExecution!
  }

  /** Waits until the cloud has nothing to do any more; gives the execution's status. */
  async function settled(pipelineName: string, pipelineExecutionId: string): Promise<string | undefined> {
    await test.cloud.settled()
    return (await execution(pipelineName, pipelineExecutionId)).status
  }

  /** Gives the stages by name. */
  async function state(name: string): Promise<Record<string, StageNow>> {
    const { stageStates = [] } = await codepipeline.send(new GetPipelineStateCommand({ name }))
    return Object.fromEntries(
      stageStates.map((stage) => [
        stage.stageName,
        {
          status: stage.latestExecution?.status,
          execution: stage.latestExecution?.pipelineExecutionId,
          inbound: (stage.inboundExecutions ?? []).map((one) => one.pipelineExecutionId),
          actions: Object.fromEntries(
            (stage.actionStates ?? []).map(({ actionName, latestExecution: latest }) => [
              actionName,
              latest && { status: latest.status, token: latest.token, error: latest.errorDetails?.message },
            ]),
          ),
        },
      ]),
    )
  }

  /** Gives the actions that ran, oldest first. */
  async function runs(pipelineName: string, pipelineExecutionId?: string): Promise<Run[]> {
    const filter = pipelineExecutionId ? { pipelineExecutionId } : undefined
    const { actionExecutionDetails = [] } = await codepipeline.send(
      new ListActionExecutionsCommand({ pipelineName, filter }),
    )
    const names = (list: { name?: string }[] = []) => list.map((one) => one.name ?? '')
    return actionExecutionDetails.reverse().map(({ actionName, status, input, output }) => ({
      action: actionName,
      status,
      error: output?.executionResult?.errorDetails,
      summary: output?.executionResult?.externalExecutionSummary,
      id: output?.executionResult?.externalExecutionId,
      variables: output?.outputVariables,
      inputs: names(input?.inputArtifacts),
      outputs: names(output?.outputArtifacts),
    }))
  }

  return { ...test, codepipeline, s3, role, bucket, key, execution, settled, state, runs }
}
