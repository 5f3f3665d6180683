/** What a cloud costs as executions come and go: memory and starts after thousands, processor time while some wait. */
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CodePipelineClient,
  CreatePipelineCommand,
  GetPipelineStateCommand,
  ListPipelineExecutionsCommand,
  type StageDeclaration,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { pack } from '../src/cloud/machine/archive.ts'
import { type Measurement, skipped } from './measurement.ts'
import { type LaunchedCloud, launchCloud } from './startup.ts'

const ACCOUNT = '111111111111'
/** Executions in all, and how many of the first and of the last are timed. */
const EXECUTIONS = 10_000
const TIMED = 1_000
const AT_ONCE = 16
const WAITING = 10
/** Milliseconds over which processor time is taken. */
const WATCHED = 5_000

/** Milliseconds after which an idle cloud has given back what it no longer needs: both of its collections are over. */
const RESTED = 18_000

/** A stack that is never done: nothing signals its condition. */
const ENDLESS = `
Resources:
  Handle: { Type: AWS::CloudFormation::WaitConditionHandle }
  Condition:
    Type: AWS::CloudFormation::WaitCondition
    Properties: { Handle: !Ref Handle, Timeout: "43200" }
`

export async function run(): Promise<Measurement[]> {
  const cloud = await launchCloud()
  try {
    const fleet = await furnish(cloud.endpoint)
    const waiting = await processorWhileWaiting(cloud, fleet)
    const { first, last } = await manyExecutions(fleet)
    // What it keeps once it is left alone.
    await sleep(RESTED)
    const memory = await memoryOf(cloud.process.pid!)
    return [
      {
        name: `cloud: processor, ${WAITING} executions wait for stacks`,
        value: waiting,
        unit: '%',
        aim: { atMost: 0.5 },
      },
      {
        name: `cloud: executions a second, to ${EXECUTIONS}`,
        value: last,
        unit: '1/s',
        beside: [{ name: `the first ${TIMED}`, value: first }],
        aim: { atLeast: 0.8, timesOf: `the first ${TIMED}` },
      },
      {
        name: `cloud: resident memory, ${EXECUTIONS} executions`,
        value: memory.resident,
        unit: 'MB',
        beside: [{ name: 'of it anonymous', value: memory.anonymous }],
        aim: { atMost: 200 },
      },
    ]
  } catch (error) {
    return [skipped('cloud: executions', (error as Error).message)]
  } finally {
    await cloud.stop()
  }
}

type Fleet = Awaited<ReturnType<typeof furnish>>

/** A bucket with a source, a role that may do everything, and a way to make pipelines. */
async function furnish(endpoint: string) {
  const options = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'test' },
  }
  const s3 = new S3Client({ ...options, forcePathStyle: true })
  const iam = new IAMClient(options)
  const codepipeline = new CodePipelineClient(options)
  await s3.send(new CreateBucketCommand({ Bucket: 'bench' }))
  const VersioningConfiguration = { Status: 'Enabled' as const }
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'bench', VersioningConfiguration }))
  const template = [{ name: 'template.yaml', content: Buffer.from(ENDLESS) }]
  await s3.send(new PutObjectCommand({ Bucket: 'bench', Key: 'source.zip', Body: await pack(template) }))
  const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  const Service = ['codepipeline.amazonaws.com', 'cloudformation.amazonaws.com']
  const trust = policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } })
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: 'bench', AssumeRolePolicyDocument: trust }),
  )
  const PolicyDocument = policy({ Effect: 'Allow', Action: '*', Resource: '*' })
  await iam.send(new PutRolePolicyCommand({ RoleName: 'bench', PolicyName: 'all', PolicyDocument }))
  const roleArn = Role!.Arn!
  const pipeline = async (name: string, deploy: StageDeclaration, executionMode?: 'PARALLEL') => {
    const artifactStore = { type: 'S3' as const, location: 'bench' }
    const stages = [SOURCE, deploy]
    await codepipeline.send(
      new CreatePipelineCommand({
        pipeline: { name, roleArn, artifactStore, pipelineType: 'V2', executionMode, stages },
      }),
    )
  }
  /** Starts an execution; false when as many as there may be run already. */
  const start = async (name: string) => {
    try {
      await codepipeline.send(new StartPipelineExecutionCommand({ name }))
      return true
    } catch (error) {
      if ((error as Error).name === 'ConcurrentPipelineExecutionsLimitExceededException') return false
      throw error
    }
  }
  /** No more than fifty run at the same time, so one page tells. */
  const busy = async (pipelineName: string) => {
    const { pipelineExecutionSummaries = [] } = await codepipeline.send(
      new ListPipelineExecutionsCommand({ pipelineName, maxResults: 100 }),
    )
    const failed = pipelineExecutionSummaries.find(({ status }) => status === 'Failed')
    if (failed) throw new Error(`the execution ${failed.pipelineExecutionId} failed`)
    return pipelineExecutionSummaries.some(({ status }) => status === 'InProgress')
  }
  const state = (name: string) => codepipeline.send(new GetPipelineStateCommand({ name }))
  return { pipeline, start, busy, state, roleArn }
}

const SOURCE: StageDeclaration = {
  name: 'Source',
  actions: [
    {
      name: 'Source',
      actionTypeId: { category: 'Source', owner: 'AWS', provider: 'S3', version: '1' },
      configuration: { S3Bucket: 'bench', S3ObjectKey: 'source.zip', PollForSourceChanges: 'false' },
      outputArtifacts: [{ name: 'Source' }],
    },
  ],
}

const deployOf = (provider: string, configuration: Record<string, string>): StageDeclaration => ({
  name: 'Deploy',
  actions: [
    {
      name: 'Deploy',
      actionTypeId: { category: 'Deploy', owner: 'AWS', provider, version: '1' },
      configuration,
      inputArtifacts: [{ name: 'Source' }],
    },
  ],
})

/** Per cent of one processor that the cloud takes while actions wait for stacks that are in progress. */
async function processorWhileWaiting(
  cloud: LaunchedCloud,
  { pipeline, state, roleArn }: Fleet,
): Promise<number> {
  for (let id = 0; id < WAITING; id++) {
    const configuration = { ActionMode: 'CREATE_UPDATE', StackName: `endless-${id}`, RoleArn: roleArn }
    const TemplatePath = 'Source::template.yaml'
    await pipeline(`waits-${id}`, deployOf('CloudFormation', { ...configuration, TemplatePath }))
  }
  for (let id = 0; id < WAITING; id++)
    await until(async () => {
      const { stageStates } = await state(`waits-${id}`)
      return stageStates?.[1]?.actionStates?.[0]?.latestExecution?.externalExecutionId !== undefined
    })
  const before = await processorTime(cloud.process.pid!)
  await sleep(WATCHED)
  return (((await processorTime(cloud.process.pid!)) - before) / WATCHED) * 100
}

/** Executions that are run to their end in a second, of the first and of the last thousand. */
async function manyExecutions({ pipeline, start, busy }: Fleet): Promise<{ first: number; last: number }> {
  const deploy = deployOf('S3', { BucketName: 'bench', ObjectKey: 'out.zip', Extract: 'false' })
  await pipeline('many', deploy, 'PARALLEL')
  const rateOf = async (count: number) => {
    const began = performance.now()
    let left = count
    const one = async () => {
      while (left-- > 0) await until(() => start('many'))
    }
    await Promise.all(Array.from({ length: AT_ONCE }, one))
    await until(async () => !(await busy('many')))
    return count / ((performance.now() - began) / 1000)
  }
  const first = await rateOf(TIMED)
  await rateOf(EXECUTIONS - 2 * TIMED)
  return { first, last: await rateOf(TIMED) }
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await sleep(20)
}

/** Milliseconds of processor time that a process has had; NaN where /proc is missing. */
async function processorTime(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // Behind the name, which may hold anything: the fields from the state on; ticks of a hundredth of a second.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** MB in memory, and those of them that are no file's; NaN where /proc is missing. */
async function memoryOf(pid: number): Promise<{ resident: number; anonymous: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const of = (name: string) =>
    Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? Number.NaN) / 1024
  return { resident: of('VmRSS'), anonymous: of('RssAnon') }
}
