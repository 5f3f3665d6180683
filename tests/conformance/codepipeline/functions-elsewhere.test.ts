/** Functions of another account and of another region: they report with their own role, where they are. */
import { createRequire } from 'node:module'
import { CreatePipelineCommand } from '@aws-sdk/client-codepipeline'
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { beforeAll, expect, it, vi } from 'vitest'
import { pack } from '../../../src/cloud/machine/archive.ts'
import { DEV, HUB } from '../cloud.ts'
import { action, pipelineOf, s3Source } from './declarations.ts'
import { openWorkshop, REGION, type Workshop } from './workshop.ts'

const sdk = JSON.stringify(createRequire(import.meta.url).resolve('@aws-sdk/client-codepipeline'))
const REPORTS = `
const { CodePipelineClient, PutJobSuccessResultCommand } = require(${sdk})
exports.handler = async (event) => {
  const { id: jobId, data } = event['CodePipeline.job']
  const more = data.continuationToken ? {} : { continuationToken: 'more' }
  await new CodePipelineClient({}).send(new PutJobSuccessResultCommand({ jobId, ...more }))
}`

let shop: Workshop
let role: string

beforeAll(async () => {
  shop = await openWorkshop()
  await shop.bucket('artifacts', REGION, [DEV])
  await shop.bucket('west', 'us-west-2')
  await shop.bucket('drops')
  const Body = await pack([{ name: 'a', content: Buffer.from('a') }])
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
  role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [
    { Action: ['s3:*', 'kms:*', 'lambda:*', 'sts:AssumeRole'] },
  ])
})

interface Place {
  readonly account: string
  readonly region: string
}

async function makeFunction(FunctionName: string, { account, region }: Place, Action: string[]) {
  const Role = await shop.role(
    FunctionName,
    'lambda.amazonaws.com',
    [{ Action: ['logs:*', ...Action] }],
    account,
  )
  await shop.client(LambdaClient, { account, region }).send(
    new CreateFunctionCommand({
      FunctionName,
      Role,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: await pack([{ name: 'index.js', content: Buffer.from(REPORTS) }]) },
    }),
  )
}

async function create(FunctionName: string, more: { roleArn?: string; region?: string }): Promise<void> {
  const invoke = action('Call', ['Invoke', 'Lambda'], { configuration: { FunctionName }, ...more })
  const pipeline = pipelineOf(FunctionName, role, 'artifacts', [[s3Source('drops')], [invoke]])
  const artifactStores = {
    [REGION]: { type: 'S3' as const, location: 'artifacts' },
    'us-west-2': { type: 'S3' as const, location: 'west' },
  }
  const { artifactStore: _, ...others } = pipeline
  await shop.codepipeline.send(
    new CreatePipelineCommand({ pipeline: more.region ? { ...others, artifactStores } : pipeline }),
  )
}

async function call(...of: Parameters<typeof create>) {
  await create(...of)
  await shop.cloud.settled()
  return (await shop.runs(of[0]))[1]
}

it('of another account, through a role of that account', async () => {
  const roleArn = await shop.role('invoke', role, [{ Action: ['lambda:*'] }], DEV)
  await makeFunction('theirs', { account: DEV, region: REGION }, ['codepipeline:PutJobSuccessResult'])
  expect(await call('theirs', { roleArn })).toMatchObject({ status: 'Succeeded' })
})

it('of another region, reporting there', async () => {
  await makeFunction('west', { account: HUB, region: 'us-west-2' }, ['codepipeline:PutJobSuccessResult'])
  expect(await call('west', { region: 'us-west-2' })).toMatchObject({ status: 'Succeeded' })
})

it('of another account, whose role may not report', async () => {
  await makeFunction('silent', { account: DEV, region: REGION }, [])
  await create('silent', { roleArn: `arn:aws:iam::${DEV}:role/invoke` })
  // AWS: the function is tried again after minutes, so that there is something to do for long.
  await vi.waitFor(() =>
    expect(shop.cloud.trail.entries().filter(({ denial }) => denial)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          action: 'codepipeline:PutJobSuccessResult',
          principal: `arn:aws:iam::${DEV}:role/silent`,
        }),
      ]),
    ),
  )
  expect((await shop.runs('silent'))[1]).toMatchObject({ status: 'InProgress' })
})
