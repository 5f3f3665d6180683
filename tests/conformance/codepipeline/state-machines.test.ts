/** Pipelines that run state machines: input, output, names, failures, and what waits for nothing. */
import { type ActionDeclaration, CreatePipelineCommand } from '@aws-sdk/client-codepipeline'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { beforeAll, expect, it } from 'vitest'
import { open, pack } from '../../../src/cloud/machine/archive.ts'
import { HUB } from '../cloud.ts'
import { modelledClient } from '../modelled-client.ts'
import { action, pipelineOf, s3Source } from './declarations.ts'
import { openWorkshop, REGION, type Workshop } from './workshop.ts'

let shop: Workshop
let role: string
const arnOf = (name: string) => `arn:aws:states:${REGION}:${HUB}:stateMachine:${name}`

beforeAll(async () => {
  shop = await openWorkshop()
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  const Body = await pack([{ name: 'in/put.json', content: Buffer.from('{"from":"file"}') }])
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
  role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [{ Action: ['s3:*', 'states:*'] }])
  const roleArn = await shop.role('machine', 'states.amazonaws.com', [])
  const machine = (name: string, state: object, type = 'STANDARD') =>
    modelledClient(shop, 'states').call('CreateStateMachine', {
      name,
      type,
      roleArn,
      definition: JSON.stringify({ StartAt: 'Only', States: { Only: state } }),
    })
  await machine('echo', { Type: 'Pass', Parameters: { 'got.$': '$' }, End: true })
  await machine('fail', { Type: 'Fail', Error: 'Own', Cause: 'so it is' })
  await machine('quick', { Type: 'Fail' }, 'EXPRESS')
})

const invoke = (machine: string, configuration: object = {}, more: Partial<ActionDeclaration> = {}) =>
  action('Run', ['Invoke', 'StepFunctions'], {
    configuration: { StateMachineArn: arnOf(machine), ...configuration },
    ...more,
  })

async function last(name: string, one: ActionDeclaration, roleArn = role) {
  const pipeline = pipelineOf(name, roleArn, 'artifacts', [[s3Source('drops')], [one]])
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline }))
  await shop.cloud.settled()
  return (await shop.runs(name)).at(-1)!
}

it('gives literal input, waits for the end and tells what ran', async () => {
  const run = await last('literal', invoke('echo', { Input: '{"a":1}', ExecutionNamePrefix: 'own' }))
  const ExecutionArn = expect.stringMatching(/:execution:echo:own-[0-9a-f-]{36}$/)
  expect(run).toMatchObject({
    status: 'Succeeded',
    id: ExecutionArn,
    variables: { StateMachineArn: arnOf('echo'), ExecutionArn },
  })
})

it('gives a file of its artifact, and stores what came of it', async () => {
  const files = {
    inputArtifacts: [{ name: 'SourceOutput' }],
    outputArtifacts: [{ name: 'Result' }],
  }
  const run = await last('file', invoke('echo', { InputType: 'FilePath', Input: 'in/put.json' }, files))
  expect(run).toMatchObject({ status: 'Succeeded', outputs: ['Result'] })
  const { Contents = [] } = await shop.s3.send(
    new ListObjectsV2Command({ Bucket: 'artifacts', Prefix: 'file/Result' }),
  )
  const { Body } = await shop.s3.send(new GetObjectCommand({ Bucket: 'artifacts', Key: Contents[0]!.Key }))
  const archive = await open(await Body!.transformToByteArray())
  expect(Buffer.from(archive.get('output.json')!.content).toString()).toBe('{"got":{"from":"file"}}')
})

it('fails with the execution', async () => {
  expect(await last('failing', invoke('fail'))).toMatchObject({
    status: 'Failed',
    error: { code: 'JobFailed', message: 'The state machine execution FAILED: Own: so it is' },
  })
})

it('does not wait for an express one', async () => {
  const run = await last('express', invoke('quick'))
  expect(run).toMatchObject({ status: 'Succeeded', variables: { StateMachineArn: arnOf('quick') } })
  expect(run.variables).not.toHaveProperty('ExecutionArn')
})

it('fails under a role that may not start it', async () => {
  const bare = await shop.role('bare', 'codepipeline.amazonaws.com', [
    { Action: ['s3:*', 'states:DescribeStateMachine'] },
  ])
  expect(await last('denied', invoke('echo'), bare)).toMatchObject({
    status: 'Failed',
    error: { code: 'PermissionError', message: expect.stringContaining('states:StartExecution') },
  })
})
