/** A cloud killed at any moment of a pipeline's execution ends it, after its next start, as if nothing had happened. */
import { createRequire } from 'node:module'
import { CodeBuildClient, CreateProjectCommand } from '@aws-sdk/client-codebuild'
import { CreatePipelineCommand } from '@aws-sdk/client-codepipeline'
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pack } from '../../../src/cloud/machine/archive.ts'
import { loadServices } from '../interrupted.ts'
import { afterKill, contents, discard, type KillPoint, killable, recordKillPoints } from '../kill-points.ts'
import { action, approval, pipelineOf, s3Source } from './declarations.ts'
import { openWorkshop } from './workshop.ts'

const shop = await openWorkshop(killable())
await loadServices(shop.cloud)
const port = Number(new URL(shop.cloud.endpoint).port)
const inputArtifacts = [{ name: 'SourceOutput' }]
/** With CHAOS set the cloud is killed after every commit, otherwise after every third. */
const STRIDE = process.env.CHAOS ? 1 : 3

let points: readonly KillPoint[] = []
let buildPoints: readonly KillPoint[] = []
let undisturbed: readonly string[] = []

/** The function may run twice; what is said of an event's delivery is not the pipeline's. */
const AT_LEAST_ONCE = /^\["logs\.streams",".*?","\/aws\/lambda\/reports:/

const stack = (ActionMode: string, StackName: string, RoleArn: string, runOrder = 1) =>
  action(`${ActionMode}-${StackName}`, ['Deploy', 'CloudFormation'], {
    runOrder,
    inputArtifacts: ActionMode.endsWith('EXECUTE') ? undefined : inputArtifacts,
    configuration: {
      ActionMode,
      StackName,
      RoleArn,
      ...(ActionMode.startsWith('CHANGE_SET') ? { ChangeSetName: 'set' } : {}),
      ...(ActionMode.endsWith('EXECUTE') ? {} : { TemplatePath: 'SourceOutput::template.json' }),
    },
  })

const template = JSON.stringify({
  Resources: {
    Value: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'v' } },
    Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'd' } },
  },
})

const sdk = JSON.stringify(createRequire(import.meta.url).resolve('@aws-sdk/client-codepipeline'))
const reports = `
const { CodePipelineClient, PutJobSuccessResultCommand } = require(${sdk})
exports.handler = async (event) => {
  const { id: jobId, data } = event['CodePipeline.job']
  const answer = data.continuationToken ? {} : { continuationToken: 'more' }
  await new CodePipelineClient().send(new PutJobSuccessResultCommand({ jobId, ...answer })).catch(() => undefined)
}`

async function prepare() {
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  const files = ['a.txt', 'b.txt', 'c.txt'].map((name) => ({ name, content: Buffer.from(name) }))
  const Body = await pack([...files, { name: 'template.json', content: Buffer.from(template) }])
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
  const pipelineRole = await shop.role('pipeline', 'codepipeline.amazonaws.com', [{ Action: '*' }])
  const stackRole = await shop.role('stacks', 'cloudformation.amazonaws.com', [{ Action: '*' }])
  const Role = await shop.role('reports', 'lambda.amazonaws.com', [{ Action: ['codepipeline:*', 'logs:*'] }])
  await shop.client(LambdaClient).send(
    new CreateFunctionCommand({
      FunctionName: 'reports',
      Role,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Timeout: 30,
      Code: { ZipFile: await pack([{ name: 'index.js', content: Buffer.from(reports) }]) },
    }),
  )
  const builder = await shop.role('builder', 'codebuild.amazonaws.com', [{ Action: '*' }])
  await shop.client(CodeBuildClient).send(
    new CreateProjectCommand({
      name: 'counts',
      serviceRole: builder,
      source: { type: 'CODEPIPELINE', buildspec: 'version: 0.2\nphases: {build: {commands: ["true"]}}\n' },
      artifacts: { type: 'CODEPIPELINE' },
      environment: { type: 'LINUX_CONTAINER', image: 'i', computeType: 'BUILD_GENERAL1_SMALL' },
    }),
  )
  const { TopicArn = '' } = await shop.client(SNSClient).send(new CreateTopicCommand({ Name: 'asks' }))
  return { pipelineRole, stackRole, TopicArn }
}

beforeAll(async () => {
  const { pipelineRole, stackRole, TopicArn } = await prepare()
  await shop.cloud.settled()
  const copy = action('Copy', ['Deploy', 'S3'], {
    inputArtifacts,
    configuration: { BucketName: 'drops', Extract: 'true', ObjectKey: 'to/{uuid}' },
  })
  const call = action('Call', ['Invoke', 'Lambda'], { configuration: { FunctionName: 'reports' } })
  const other = action('Other', ['Invoke', 'CodePipeline'], { configuration: { PipelineName: 'waits' } })
  const build = action('Build', ['Build', 'CodeBuild'], {
    inputArtifacts,
    configuration: { ProjectName: 'counts' },
  })
  const source = [s3Source('drops')]
  const asks = approval('Ask', { configuration: { NotificationArn: TopicArn } })
  const create = async (name: string, ...stages: Parameters<typeof pipelineOf>[3]) => {
    const pipeline = pipelineOf(name, pipelineRole, 'artifacts', [source, ...stages])
    await shop.codepipeline.send(new CreatePipelineCommand({ pipeline }))
    await shop.cloud.settled()
  }
  await create('waits', [approval('First')])
  const recording = recordKillPoints(shop.cloud)
  await create(
    'all',
    [
      copy,
      call,
      other,
      stack('CREATE_UPDATE', 'one', stackRole),
      stack('CHANGE_SET_REPLACE', 'two', stackRole),
      stack('CHANGE_SET_EXECUTE', 'two', stackRole, 2),
      stack('DELETE_ONLY', 'two', stackRole, 3),
    ],
    [asks],
  )
  recording.stop()
  points = recording.points
  undisturbed = contents(shop.cloud, AT_LEAST_ONCE)
  expect((await shop.state('all')).Stage2?.actions.Ask?.status).toBe('InProgress')
  const building = recordKillPoints(shop.cloud)
  await create('builds', [build])
  building.stop()
  buildPoints = building.points
  await shop.cloud.stop()
}, 60_000)

afterAll(() => discard([...points, ...buildPoints]))

it('with every action done once', async () => {
  expect(points.length).toBeGreaterThan(25)
  for (const [index, point] of points.entries()) {
    if (index % STRIDE !== 0) continue
    const found = await afterKill(point, port, (cloud) => contents(cloud, AT_LEAST_ONCE))
    expect(found, `killed after commit ${index} of ${points.length}`).toEqual(undisturbed)
  }
}, 120_000)

it('with one build, never two', async () => {
  expect(buildPoints.length).toBeGreaterThan(5)
  for (const point of buildPoints) {
    const found = await afterKill(point, port, (cloud) => contents(cloud, /^\[(?!"codebuild.builds")/))
    expect(found).toHaveLength(1)
  }
}, 120_000)
