/** tests/journeys/gates on a cloud: its drop bucket, the function that answers approvals, and what its pipelines did. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CodePipelineClient,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  type PipelineExecutionSummary,
} from '@aws-sdk/client-codepipeline'
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { strToU8, zipSync } from 'fflate'
import { Accounts } from '../../src/aws/index.ts'
import type { Cloud } from '../../src/cloud/index.ts'
import { accountsOfFleet, type Fleet, loadFleet } from '../../src/fleet/index.ts'
import { synthesize } from '../../src/synth/index.ts'
import { deployQuietly } from './deploy-quietly.ts'

const FOLDER = join(import.meta.dirname, 'gates')
const BUCKET = 'gates-drops-111111111111'

/** Answers what it is told of: `yes` and `no` in its message, and nothing else. */
const GATE = `
const { CodePipelineClient, PutApprovalResultCommand } = require('@aws-sdk/client-codepipeline')
exports.handler = async ({ Records }) => {
  const { approval } = JSON.parse(Records[0].Sns.Message)
  const { pipelineName, stageName, actionName, token, customData } = approval
  const status = { yes: 'Approved', no: 'Rejected' }[customData]
  if (!status) return
  const result = { status, summary: 'the gate said ' + customData }
  await new CodePipelineClient().send(
    new PutApprovalResultCommand({ pipelineName, stageName, actionName, token, result }),
  )
}
`

export class Gates {
  readonly accounts: Accounts
  readonly fleet: Fleet

  private constructor(accounts: Accounts, fleet: Fleet) {
    this.accounts = accounts
    this.fleet = fleet
  }

  /** Deploys the fleet into a cloud; `text` changes its file. */
  static async deployed(cloud: Cloud, file = join(FOLDER, 'crossdock.yaml')): Promise<Gates> {
    const fleet = await loadFleet(file)
    const gates = new Gates(new Accounts(accountsOfFleet(fleet), { endpoint: cloud.endpoint }), fleet)
    await gates.#makeBucket()
    await gates.drop('10.0.0.0/16', 'one')
    await gates.#makeGate()
    await deployQuietly(synthesize(fleet), gates.accounts)
    return gates
  }

  async #makeBucket(): Promise<void> {
    const s3 = await this.accounts.client(S3Client, this.fleet.hub)
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
    const VersioningConfiguration = { Status: 'Enabled' } as const
    await s3.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }))
    const NotificationConfiguration = { EventBridgeConfiguration: {} }
    await s3.send(
      new PutBucketNotificationConfigurationCommand({ Bucket: BUCKET, NotificationConfiguration }),
    )
  }

  /** A function with a role that may do nothing but what the fleet lets it. */
  async #makeGate(): Promise<void> {
    const iam = await this.accounts.client(IAMClient, this.fleet.hub)
    const trust = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    }
    await iam.send(
      new CreateRoleCommand({ RoleName: 'gate', AssumeRolePolicyDocument: JSON.stringify(trust) }),
    )
    const lambda = await this.accounts.client(LambdaClient, this.fleet.hub)
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'gate',
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Role: 'arn:aws:iam::111111111111:role/gate',
        Code: { ZipFile: zipSync({ 'index.js': strToU8(GATE) }) },
      }),
    )
  }

  /** Puts the application into the drop bucket, which starts the pipelines that follow it. */
  async drop(range: string, name: string): Promise<void> {
    const s3 = await this.accounts.client(S3Client, this.fleet.hub)
    const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8')
    const files = {
      'network.yaml': strToU8(read('network.yaml').replace('RANGE', range)),
      'service.yaml': strToU8(read('service.yaml').replace('NAME', name)),
    }
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'app.zip', Body: zipSync(files) }))
  }

  async codepipeline(): Promise<CodePipelineClient> {
    return this.accounts.client(CodePipelineClient, this.fleet.hub)
  }

  /** Executions of a pipeline, oldest first, once so many are there and all have ended. */
  async ended(pipelineName: string, count: number): Promise<PipelineExecutionSummary[]> {
    const client = await this.codepipeline()
    const end = Date.now() + 45_000
    for (;;) {
      const { pipelineExecutionSummaries: found = [] } = await client.send(
        new ListPipelineExecutionsCommand({ pipelineName }),
      )
      const states = found.map(({ status }) => status)
      if (found.length >= count && !states.includes('InProgress')) return found.reverse()
      if (Date.now() > end) throw new Error(`${pipelineName} has not come to its end: ${states.join(', ')}`)
      await sleep(20)
    }
  }

  /** What the actions of an execution came to, in their order: `stage › action: status`. */
  async actions(pipelineName: string, pipelineExecutionId: string): Promise<string[]> {
    const client = await this.codepipeline()
    const { actionExecutionDetails: found = [] } = await client.send(
      new ListActionExecutionsCommand({ pipelineName, filter: { pipelineExecutionId } }),
    )
    return found
      .reverse()
      .map(({ stageName, actionName, status }) => `${stageName} › ${actionName}: ${status}`)
  }

  close(): void {
    this.accounts.close()
  }
}
