/** `crossdock status` over several pipelines: what it asks of the cloud, and that one pipeline's fault hides no other. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreatePipelineCommand, PutApprovalResultCommand } from '@aws-sdk/client-codepipeline'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { status } from '../../../src/cli/commands/status.ts'
import { pack } from '../../../src/cloud/machine/archive.ts'
import { type ExecutionState, executionState, newestState } from '../../../src/operate/index.ts'
import { runCommand } from '../../run-command.ts'
import { HUB } from '../cloud.ts'
import { approval, pipelineOf, s3Source } from './declarations.ts'
import { openWorkshop, REGION, type Workshop } from './workshop.ts'

let shop: Workshop
let folder: string
const PLACE = { account: HUB, region: REGION }
const created: Record<string, ReturnType<typeof pipelineOf>> = {}

const fleetOf = (...ids: string[]): string => {
  const file = join(folder, `${ids.join('-')}.yaml`)
  const pipelines = ids.map(
    (id) =>
      `  ${id}: { name: ${id}, source: { github: a/b }, deploy: [{ cloudformation: { template: t.yaml } }], stages: [dev] }\n`,
  )
  writeFileSync(
    file,
    `fleet: shop\nhub: { account: "${HUB}", region: ${REGION} }\nenvironments: { dev: { account: "${HUB}", regions: [${REGION}] } }\npipelines:\n${pipelines.join('')}`,
  )
  return file
}

beforeAll(async () => {
  shop = await openWorkshop()
  folder = mkdtempSync(join(tmpdir(), 'crossdock-status-'))
  writeFileSync(join(folder, 't.yaml'), 'Resources: { Topic: { Type: AWS::SNS::Topic } }')
  vi.stubEnv('AWS_ENDPOINT_URL', shop.cloud.endpoint)
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  const Body = await pack([{ name: 'hello.txt', content: Buffer.from('hello') }])
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
  const able = await shop.role('able', 'codepipeline.amazonaws.com', [{ Action: 's3:*' }])
  const unable = await shop.role('unable', 'codepipeline.amazonaws.com', [])
  const names = { waits: able, 'lacks-a': unable, 'lacks-b': unable, done: able }
  for (const [name, role] of Object.entries(names)) {
    created[name] = pipelineOf(name, role, 'artifacts', [[s3Source('drops')], [approval()]])
    await shop.codepipeline.send(new CreatePipelineCommand({ pipeline: created[name] }))
  }
  await shop.cloud.settled()
  const { Stage1 } = await shop.state('done')
  await shop.codepipeline.send(
    new PutApprovalResultCommand({
      pipelineName: 'done',
      stageName: 'Stage1',
      actionName: 'Approve',
      token: Stage1!.actions.Approve!.token,
      result: { status: 'Approved', summary: 'fine' },
    }),
  )
  await shop.cloud.settled()
})

afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/** The operations that were called meanwhile. */
async function callsOf(act: () => Promise<unknown>): Promise<string[]> {
  const before = shop.cloud.trail.entries().length
  await act()
  return shop.cloud.trail
    .entries()
    .slice(before)
    .map(({ operation }) => operation.replace('codepipeline:', ''))
}

test('tells what waits, what failed, and what is wrong with one that cannot be read', async () => {
  const { status: code, text } = await runCommand(status, {
    fleet: fleetOf('waits', 'absent', 'lacks-a', 'done'),
  })
  expect(code).toBe(1)
  const lines = text.split('\n').map((line) => line.trim())
  expect(lines).toContainEqual(
    expect.stringMatching(/^\? waits \/ Stage1 \/ Approve .*crossdock approve waits$/),
  )
  expect(lines).toContainEqual(
    expect.stringMatching(/^✖ lacks-a \/ Source \/ Fetch .*crossdock status lacks-a$/),
  )
  expect(lines).toContainEqual(expect.stringMatching(/^✔ done/))
  expect(lines).toContainEqual(expect.stringMatching(/^absent {2}error PipelineNotFoundException: .*absent/))
})

test('tells one in full, with its denials', async () => {
  const { status: code, text } = await runCommand(status, { fleet: fleetOf('waits', 'lacks-a') }, 'lacks-a')
  expect(code).toBe(0)
  expect(text).toMatch(/^lacks-a {2}Failed[\s\S]*denied unable may not s3:\w+/)
})

test('says the same as JSON', async () => {
  const { status: code, text } = await runCommand(status, { fleet: fleetOf('lacks-a', 'absent'), json: true })
  expect(code).toBe(1)
  expect(JSON.parse(text)).toMatchObject([
    {
      id: 'lacks-a',
      newest: { status: 'Failed' },
      stages: [{ name: 'Source', failure: { action: 'Fetch' } }, {}],
    },
    { id: 'absent', error: { name: 'PipelineNotFoundException' } },
  ])
})

test('what stands in the way of all is told once', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1')
  const asked = runCommand(status, { fleet: fleetOf('waits', 'done') })
  await expect(asked)
    .rejects.toThrow('AWS STS in 111111111111/us-east-1 at http://127.0.0.1:1 does not answer')
    .finally(() => vi.stubEnv('AWS_ENDPOINT_URL', shop.cloud.endpoint))
})

const FEW = ['ListPipelineExecutions', 'ListActionExecutions', 'GetPipeline']

test.each([
  ['went through', 'done', FEW],
  ['failed', 'lacks-a', FEW],
  ['waits for an approval', 'waits', [...FEW, 'GetPipelineState']],
])('an execution that %s is told in full with few calls', async (_, name, calls) => {
  let state: ExecutionState | undefined
  const called = await callsOf(async () => {
    state = await newestState(shop.codepipeline, name, PLACE)
  })
  expect(called).toEqual(calls)
  expect(state).toEqual(await executionState(shop.codepipeline, created[name]!, PLACE, state!.id))
  expect(state).toMatchObject({ pipeline: name, trigger: 'CreatePipeline' })
  expect(state!.stages.map((one) => one.actions.length)).toEqual([1, 1])
  expect(state!.stages[1]!.actions[0]!.approvalToken !== undefined).toBe(name === 'waits')
})
