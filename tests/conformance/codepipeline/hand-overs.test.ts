/** What a pipeline's action asks of others when the cloud dies: it is asked again, and the same. */
import { createRequire } from 'node:module'
import {
  CodePipelineClient,
  CreatePipelineCommand,
  GetPipelineStateCommand,
} from '@aws-sdk/client-codepipeline'
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import { beforeAll, expect, it } from 'vitest'
import { pack } from '../../../src/cloud/machine/archive.ts'
import type { TestCloud } from '../cloud.ts'
import { around, hang, letters, loadServices, newFolder, startOnCopy } from '../interrupted.ts'
import { action, approval, pipelineOf, s3Source } from './declarations.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

let shop: Workshop
let role: string
let worker: string
beforeAll(async () => {
  shop = await openWorkshop({ data: newFolder() })
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [
    { Action: ['s3:*', 'sns:Publish', 'lambda:*'] },
  ])
  worker = await shop.role('worker', 'lambda.amazonaws.com', [{ Action: ['codepipeline:PutJob*', 'logs:*'] }])
  const Body = await pack([{ name: 'a', content: Buffer.from('a') }])
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
})

const begin = (test: TestCloud, name: string, asked: ReturnType<typeof action>) =>
  test.client(CodePipelineClient).send(
    new CreatePipelineCommand({
      pipeline: pipelineOf(name, role, 'artifacts', [[s3Source('drops')], [asked]]),
    }),
  )

async function stateOf(test: TestCloud, name: string) {
  await test.cloud.settled()
  const state = await test.client(CodePipelineClient).send(new GetPipelineStateCommand({ name }))
  return state.stageStates?.[1]?.actionStates?.[0]?.latestExecution
}

it('an approval is asked for again with the token of before', async () => {
  const test = await startOnCopy(shop.cloud)
  await loadServices(test.cloud)
  const sns = test.client(SNSClient)
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 't' }))
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'a@example.com' }))
  await test.cloud.settled()
  const Token = /with the token (\w+)/.exec(letters(test.cloud).join())?.[1]
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }))
  const reached = hang(test.cloud, 'sns', 'Publish', 'all done')
  await begin(test, 'asks', approval('Approve', { configuration: { NotificationArn: TopicArn! } }))
  await reached
  const next = await startOnCopy(test.cloud)
  const latest = await stateOf(next, 'asks')
  const asked = letters(next.cloud).filter((text) => text.includes('APPROVAL NEEDED'))
  expect(asked.map((text) => /"token":"([^"]+)"/.exec(text)?.[1])).toEqual([latest?.token, latest?.token])
  // Whoever was asked is not asked a third time.
  const third = await startOnCopy(next.cloud)
  await third.cloud.settled()
  expect(letters(third.cloud).filter((text) => text.includes('APPROVAL NEEDED'))).toHaveLength(2)
})

it.each([
  ['nothing done', 'its first turn', 0],
  ['all done', 'its first turn', 0],
  ['nothing done', 'a later turn', 1],
] as const)('a job reaches its function, cut off with %s in %s', async (done, _turn, turns) => {
  const test = await startOnCopy(shop.cloud)
  await loadServices(test.cloud)
  const sdk = JSON.stringify(createRequire(import.meta.url).resolve('@aws-sdk/client-codepipeline'))
  const source = `
const { CodePipelineClient, PutJobSuccessResultCommand } = require(${sdk})
exports.handler = async (event) => {
  const { id: jobId, data } = event['CodePipeline.job']
  const more = ${turns} && !data.continuationToken ? { continuationToken: 'more' } : { outputVariables: { token: data.continuationToken || 'none' } }
  // The same job may come twice, and the second answer is refused.
  await new CodePipelineClient({}).send(new PutJobSuccessResultCommand({ jobId, ...more })).catch(() => undefined)
}`
  const ZipFile = await pack([{ name: 'index.js', content: Buffer.from(source) }])
  await test.client(LambdaClient).send(
    new CreateFunctionCommand({
      FunctionName: 'works',
      Role: worker,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile },
    }),
  )
  await test.cloud.settled()
  const first = turns ? undefined : hang(test.cloud, 'lambda', 'Invoke', done)
  const configuration = { FunctionName: 'works' }
  const call = action('Call', ['Invoke', 'Lambda'], {
    configuration,
    inputArtifacts: [{ name: 'SourceOutput' }],
  })
  const reached = first ?? laterCall(test)
  await begin(test, 'calls', call)
  await reached
  const next = await startOnCopy(test.cloud)
  expect(await stateOf(next, 'calls')).toMatchObject({ status: 'Succeeded' })
})

/** Has the function's second call hang. */
function laterCall(test: TestCloud): Promise<void> {
  return new Promise((resolve) => {
    around(test.cloud, 'codepipeline', 'PutJobSuccessResult', (run) => {
      hang(test.cloud, 'lambda', 'Invoke', 'nothing done').then(resolve)
      return run()
    })
  })
}
