/** Each action provider under a role of its own: what it does, and how it fails. */
import { createRequire } from 'node:module'
import {
  CloudFormationClient,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation'
import {
  type ActionDeclaration,
  CreatePipelineCommand,
  GetPipelineStateCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline'
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { pack } from '../../../src/cloud/machine/archive.ts'
import { HUB } from '../cloud.ts'
import { action, approval, pipelineOf, s3Source } from './declarations.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

let shop: Workshop
let role: string
let stackRole: string
const inputArtifacts = [{ name: 'SourceOutput' }]

const template = (name: string, extra = '') => `
Parameters: { Word: { Type: String, Default: none } }
Resources:
  Group: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: "${name}" ${extra} } }
Outputs: { Said: { Value: !Ref Word } }
`

beforeAll(async () => {
  shop = await openWorkshop()
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  stackRole = await shop.role('stack', 'cloudformation.amazonaws.com', [{ Action: 'logs:*' }])
  role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [
    { Action: ['s3:*', 'cloudformation:*', 'iam:PassRole', 'lambda:*', 'codepipeline:*'] },
  ])
})

/** Puts the source and gives it a new version. */
async function put(files: Record<string, string>): Promise<void> {
  const packed = Object.entries(files).map(([name, content]) => ({ name, content: Buffer.from(content) }))
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body: await pack(packed) }))
}

/** Runs a pipeline of these stages until nothing is left to do; gives its runs. */
async function run(name: string, ...stages: ActionDeclaration[][]) {
  const pipeline = pipelineOf(name, role, 'artifacts', [[s3Source('drops')], ...stages])
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline }))
  await shop.cloud.settled()
  return shop.runs(name)
}

async function again(name: string) {
  const { pipelineExecutionId } = await shop.codepipeline.send(new StartPipelineExecutionCommand({ name }))
  await shop.cloud.settled()
  return shop.runs(name, pipelineExecutionId)
}

const stack = (
  ActionMode: string,
  StackName: string,
  configuration: Record<string, string> = {},
  rest = {},
) =>
  action(ActionMode, ['Deploy', 'CloudFormation'], {
    inputArtifacts,
    configuration: {
      ActionMode,
      StackName,
      RoleArn: stackRole,
      TemplatePath: 'SourceOutput::template.yaml',
      ...configuration,
    },
    ...rest,
  })

const statusOf = async (StackName: string): Promise<string | undefined> =>
  (await shop.client(CloudFormationClient).send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]
    ?.StackStatus

describe('CloudFormation', () => {
  it('creates, has nothing to update, and gives outputs as variables and as a file', async () => {
    await put({ 'template.yaml': template('one'), 'words.json': '{"first":"hi"}' })
    const deploy = stack(
      'CREATE_UPDATE',
      'one',
      {
        ParameterOverrides: '{"Word":{"Fn::GetParam":["SourceOutput","words.json","first"]}}',
        OutputFileName: 'outputs.json',
      },
      { outputArtifacts: [{ name: 'Outputs' }], namespace: 'Deployed' },
    )
    const spread = action('Copy', ['Deploy', 'S3'], {
      inputArtifacts: [{ name: 'Outputs' }],
      configuration: { BucketName: 'drops', Extract: 'true', ObjectKey: 'said/#{Deployed.Said}' },
    })
    const runs = await run('one', [deploy], [spread])
    expect(runs.map((one) => one.error?.message)).toEqual([undefined, undefined, undefined])
    expect(runs[1]?.variables).toEqual({ Said: 'hi' })
    const written = await shop.s3.send(new GetObjectCommand({ Bucket: 'drops', Key: 'said/hi/outputs.json' }))
    expect(await written.Body?.transformToString()).toBe('{"Said":"hi"}')
    const second = await again('one')
    expect(second[1]).toMatchObject({
      status: 'Succeeded',
      summary: 'No updates are to be performed.',
      variables: { Said: 'hi' },
    })
  })

  it('takes parameters and tags from a template configuration, and overrides win', async () => {
    const configuration = { Parameters: { Word: 'low' }, Tags: { team: 'a' } }
    await put({ 'template.yaml': template('configured'), 'c.json': JSON.stringify(configuration) })
    const runs = await run('configured', [
      stack('CREATE_UPDATE', 'configured', {
        TemplateConfiguration: 'SourceOutput::c.json',
        ParameterOverrides: '{"Word":"high"}',
      }),
    ])
    expect(runs[1]).toMatchObject({ status: 'Succeeded', variables: { Said: 'high' } })
    const command = new DescribeStacksCommand({ StackName: 'configured' })
    const { Stacks } = await shop.client(CloudFormationClient).send(command)
    expect(Stacks?.[0]?.Tags).toEqual([{ Key: 'team', Value: 'a' }])
  })

  it('tells the first resource that failed and why, and replaces a failed stack where asked to', async () => {
    await put({
      'template.yaml': template('two', ', RetentionInDays: 14')
        .replace('logs', 'logs')
        .replace('"two"', '""'),
    })
    const runs = await run('two', [stack('REPLACE_ON_FAILURE', 'two')])
    expect(runs[1]).toMatchObject({ status: 'Failed', error: { code: 'JobFailed' } })
    expect(runs[1]?.error?.message).toMatch(
      /^Stack two in 111111111111 us-east-1 is in status ROLLBACK_COMPLETE\. Group \(AWS::Logs::LogGroup\): /,
    )
    await put({ 'template.yaml': template('two') })
    expect((await again('two'))[1]).toMatchObject({ status: 'Succeeded' })
    expect(await statusOf('two')).toBe('CREATE_COMPLETE')
  })

  it('makes a change set, carries it out, and does nothing where nothing changed', async () => {
    await put({ 'template.yaml': template('three') })
    const set = { ChangeSetName: 'set' }
    const runs = await run('three', [
      stack('CHANGE_SET_REPLACE', 'three', set),
      action('CHANGE_SET_EXECUTE', ['Deploy', 'CloudFormation'], {
        runOrder: 2,
        configuration: { ActionMode: 'CHANGE_SET_EXECUTE', StackName: 'three', ...set },
      }),
    ])
    expect(runs.map((one) => one.error?.message)).toEqual([undefined, undefined, undefined])
    expect(await statusOf('three')).toBe('CREATE_COMPLETE')
    const second = await again('three')
    expect(second.slice(1)).toMatchObject([
      { status: 'Succeeded', summary: 'Change set set has no changes.' },
      { status: 'Succeeded', summary: 'The change set has no changes.' },
    ])
  })

  it('waits for a stack without asking again and again', async () => {
    const { sleep } = shop.cloud.clock
    const pauses = vi.spyOn(shop.cloud.clock, 'sleep').mockImplementation(sleep)
    const slow = `
Resources:
  Handle: { Type: AWS::CloudFormation::WaitConditionHandle }
  Condition:
    Type: AWS::CloudFormation::WaitCondition
    Properties: { Handle: !Ref Handle, Timeout: "60" }
Outputs: { Signal: { Value: !Ref Handle } }
`
    await put({ 'template.yaml': slow })
    const told = new Promise<string>((resolve) => {
      shop.cloud.bus.listen(({ detailType, detail }) => {
        const waits = detail['logical-resource-id'] === 'Condition'
        if (detailType === 'CloudFormation Resource Status Change' && waits)
          resolve(String(detail['stack-id']))
      })
    })
    const pipeline = pipelineOf('slow', role, 'artifacts', [
      [s3Source('drops')],
      [stack('CREATE_UPDATE', 'slow')],
    ])
    await shop.codepipeline.send(new CreatePipelineCommand({ pipeline }))
    const StackName = await told
    const cloudformation = shop.client(CloudFormationClient)
    const handle = { StackName, LogicalResourceId: 'Handle' }
    const { StackResourceDetail } = await cloudformation.send(new DescribeStackResourceCommand(handle))
    const signal = { Status: 'SUCCESS', Reason: 'r', UniqueId: '1', Data: 'd' }
    const body = JSON.stringify(signal)
    const answer = await fetch(StackResourceDetail!.PhysicalResourceId!, { method: 'PUT', body })
    expect(answer.status).toBe(200)
    await shop.cloud.settled()
    expect((await shop.runs('slow')).map((one) => one.status)).toEqual(['Succeeded', 'Succeeded'])
    // Only the condition's own time.
    expect(pauses.mock.calls.map(([milliseconds]) => Math.round(milliseconds / 1000))).toEqual([60])
    pauses.mockRestore()
  })

  it('deletes a stack, also one that is not there', async () => {
    await put({ 'template.yaml': template('four') })
    const runs = await run(
      'four',
      [stack('CREATE_UPDATE', 'four')],
      [stack('DELETE_ONLY', 'four', {}, { name: 'Delete' })],
      [stack('DELETE_ONLY', 'four', {}, { name: 'DeleteAgain' })],
    )
    expect(runs.map((one) => one.status)).toEqual(['Succeeded', 'Succeeded', 'Succeeded', 'Succeeded'])
    await expect(statusOf('four')).rejects.toThrow(/does not exist/)
  })

  it('deploys a template too large for the call itself', async () => {
    const description = Array.from({ length: 600 }, (_, at) => `# ${String(at).padEnd(100, '.')}`).join('\n')
    await put({ 'template.yaml': `${description}\n${template('large')}` })
    expect((await run('large', [stack('CREATE_UPDATE', 'large')]))[1]).toMatchObject({ status: 'Succeeded' })
  })

  it('names what is missing in the artifact', async () => {
    await put({ 'other.yaml': '' })
    const runs = await run('missing', [stack('CREATE_UPDATE', 'missing')])
    expect(runs[1]?.error?.message).toBe('File [template.yaml] does not exist in artifact [SourceOutput]')
  })

  it('names role, action and resource where something is not allowed', async () => {
    const weak = await shop.role('weak', role, [{ Action: ['s3:*', 'cloudformation:*'] }])
    const iam = await shop.role('weak-pipeline', 'codepipeline.amazonaws.com', [
      { Action: ['s3:*', 'sts:AssumeRole'] },
    ])
    await put({ 'template.yaml': template('weak') })
    const pipeline = pipelineOf('weak', role, 'artifacts', [
      [s3Source('drops')],
      [stack('CREATE_UPDATE', 'weak', {}, { roleArn: weak })],
    ])
    await expect(
      shop.codepipeline.send(new CreatePipelineCommand({ pipeline: { ...pipeline, roleArn: iam } })),
    ).rejects.toThrow(`${iam} is not authorized to perform AssumeRole on role ${weak}`)
    const trusted = await shop.role('weaker', iam, [{ Action: ['s3:*', 'cloudformation:*'] }])
    const [source, deploy] = pipeline.stages!
    const actions = [{ ...deploy!.actions![0]!, roleArn: trusted }]
    await shop.codepipeline.send(
      new CreatePipelineCommand({
        pipeline: { ...pipeline, roleArn: iam, stages: [source!, { ...deploy!, actions }] },
      }),
    )
    await shop.cloud.settled()
    const [, failed] = await shop.runs('weak')
    expect(failed?.error?.code).toBe('PermissionError')
    expect(failed?.error?.message).toMatch(
      new RegExp(
        `^User: arn:aws:sts::${HUB}:assumed-role/weaker/\\d{13} is not authorized to perform: iam:PassRole on resource: ${stackRole} `,
      ),
    )
  })
})

describe('S3', () => {
  it('as a source wants a bucket with versions', async () => {
    await shop.s3.send(new CreateBucketCommand({ Bucket: 'unversioned' }))
    const source = s3Source('unversioned')
    const pipeline = pipelineOf('unversioned', role, 'artifacts', [[source], [approval()]])
    await shop.codepipeline.send(new CreatePipelineCommand({ pipeline }))
    await shop.cloud.settled()
    const [failed] = await shop.runs('unversioned')
    expect(failed?.error?.message).toMatch(/does not keep versions/)
  })

  it('deploys the archive as it is', async () => {
    await put({ 'index.html': '<p>' })
    const deploy = action('Copy', ['Deploy', 'S3'], {
      inputArtifacts,
      configuration: {
        BucketName: 'drops',
        Extract: 'false',
        ObjectKey: 'copy.zip',
        CacheControl: 'no-store',
      },
    })
    expect((await run('copy', [deploy]))[1]?.status).toBe('Succeeded')
    const copied = await shop.s3.send(new GetObjectCommand({ Bucket: 'drops', Key: 'copy.zip' }))
    expect(copied).toMatchObject({ ContentType: 'application/zip', CacheControl: 'no-store' })
  })

  it('gives extracted files their content types', async () => {
    await put({ 'index.html': '<p>', 'a/b.css': 'p{}' })
    const deploy = action('Site', ['Deploy', 'S3'], {
      inputArtifacts,
      configuration: { BucketName: 'drops', Extract: 'true', ObjectKey: 'site' },
    })
    await run('site', [deploy])
    const page = await shop.s3.send(new GetObjectCommand({ Bucket: 'drops', Key: 'site/index.html' }))
    const style = await shop.s3.send(new GetObjectCommand({ Bucket: 'drops', Key: 'site/a/b.css' }))
    expect([page.ContentType, style.ContentType]).toEqual(['text/html', 'text/css'])
  })
})

describe('Lambda', () => {
  const sdk = JSON.stringify(createRequire(import.meta.url).resolve('@aws-sdk/client-codepipeline'))
  /** Code that reports what an expression over `job` and `data` gives. */
  const code = (report: string) => `
const { CodePipelineClient, PutJobSuccessResultCommand, PutJobFailureResultCommand } = require(${sdk})
exports.handler = async (event) => {
  const { id: jobId, data } = event['CodePipeline.job']
  await new CodePipelineClient({}).send(${report})
}`

  async function createFunction(FunctionName: string, report: string): Promise<void> {
    const Role = await shop.role(FunctionName, 'lambda.amazonaws.com', [
      { Action: ['codepipeline:PutJob*', 'logs:*'] },
    ])
    const ZipFile = await pack([{ name: 'index.js', content: Buffer.from(code(report)) }])
    await shop.client(LambdaClient).send(
      new CreateFunctionCommand({
        FunctionName,
        Role,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile },
      }),
    )
  }

  const invoke = (FunctionName: string) =>
    action('Call', ['Invoke', 'Lambda'], {
      inputArtifacts,
      configuration: { FunctionName, UserParameters: 'please' },
    })

  it('is handed a job, goes on with a continuation token, and reports the outcome', async () => {
    await put({ 'a.txt': 'a' })
    await createFunction(
      'good',
      `data.continuationToken
        ? new PutJobSuccessResultCommand({ jobId, outputVariables: {
            said: data.actionConfiguration.configuration.UserParameters + ' ' + data.continuationToken,
            key: data.inputArtifacts[0].location.s3Location.objectKey } })
        : new PutJobSuccessResultCommand({ jobId, continuationToken: 'more' })`,
    )
    const [, call] = await run('lambda-good', [invoke('good')])
    expect(call).toMatchObject({ status: 'Succeeded', variables: { said: 'please more' } })
    expect(call?.variables?.key).toMatch(/^lambda-good\/SourceOutp\/[A-Za-z0-9]{7}\.zip$/)
  })

  it('reports failure in its own words', async () => {
    await createFunction(
      'bad',
      `new PutJobFailureResultCommand({ jobId, failureDetails: { type: 'JobFailed', message: 'no luck' } })`,
    )
    const [, call] = await run('lambda-bad', [invoke('bad')])
    expect(call).toMatchObject({ status: 'Failed', error: { code: 'JobFailed', message: 'no luck' } })
  })

  it('must be there', async () => {
    const [, call] = await run('lambda-missing', [invoke('missing')])
    expect(call?.error?.message).toBe('The AWS Lambda function missing cannot be found')
  })
})

describe('CodePipeline', () => {
  it('starts another pipeline', async () => {
    await put({ 'a.txt': 'a' })
    await run('target', [approval()])
    const start = action('Start', ['Invoke', 'CodePipeline'], { configuration: { PipelineName: 'target' } })
    const runs = await run('starter', [start])
    expect(runs[1]?.status).toBe('Succeeded')
    const started = await shop.execution('target', runs[1]!.id!)
    expect(started.trigger?.triggerType).toBe('StartPipelineExecution')
    await shop.codepipeline.send(new GetPipelineStateCommand({ name: 'target' }))
  })
})
