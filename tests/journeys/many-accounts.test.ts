/** A pipeline into so many accounts that its template is too large for a request: deployed, and deployed again. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Accounts } from '../../src/aws/index.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import { type DeployEvent, DeploymentFailure, deploy } from '../../src/deploy/index.ts'
import { accountsOfFleet, type Fleet, loadFleet } from '../../src/fleet/index.ts'
import { renderTemplate, synthesize } from '../../src/synth/index.ts'

const REGIONS = ['us-east-1', 'eu-west-1']

/** A fleet with one pipeline into a number of accounts. */
async function fleetInto(folder: string, accounts: number): Promise<Fleet> {
  const names = Array.from({ length: accounts }, (_, index) => `env${index}`)
  const file = join(folder, 'crossdock.yaml')
  const template = 'Resources: { Topic: { Type: AWS::SNS::Topic } }\n'
  await writeFile(join(folder, 'template.yaml'), template)
  const environments = names.map((name, index) => [
    name,
    { account: String(200_000_000_000 + index), regions: REGIONS },
  ])
  const fleet = {
    fleet: 'wide',
    hub: { account: '111111111111', region: 'us-east-1' },
    environments: Object.fromEntries(environments),
    pipelines: {
      orders: {
        source: { github: 'example/orders', branch: 'main' },
        deploy: [{ cloudformation: { template: 'template.yaml', stack: 'orders' } }],
        stages: names,
      },
    },
  }
  await writeFile(file, JSON.stringify(fleet))
  return loadFleet(file)
}

let folder: string
let cloud: Cloud
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossdock-wide-'))
  cloud = await startCloud()
})
afterAll(async () => {
  await cloud?.stop()
  await rm(folder, { recursive: true, force: true })
})

test('a template that fits is sent with the request', async () => {
  const { waves } = synthesize(await fleetInto(folder, 2))
  expect(waves.flat().map(({ templateBucket }) => templateBucket)).toEqual(waves.flat().map(() => undefined))
  expect(JSON.stringify(waves)).not.toContain('TemplateBucket')
})

test('a larger one goes through the fleet’s bucket, of which nothing is left', {
  timeout: 60_000,
}, async () => {
  const fleet = await fleetInto(folder, 40)
  const assembly = synthesize(fleet)
  const accounts = new Accounts(accountsOfFleet(fleet), {
    endpoint: cloud.endpoint,
  })
  const events: DeployEvent[] = []
  const carryOut = (token: string, what = assembly) =>
    deploy(what, {
      accounts,
      render: (stack) => renderTemplate(stack.template),
      listener: (event) => events.push(event),
      pace: { interval: 20, sleep: (ms) => sleep(ms) },
      now: Date.now,
      token,
    })
  const outcomes = () =>
    events.splice(0).flatMap((event) => (event.type === 'stack-done' ? event.outcome : []))
  await carryOut('first')
  expect(new Set(outcomes())).toEqual(new Set(['created']))
  await carryOut('second')
  expect(new Set(outcomes())).toEqual(new Set(['unchanged']))
  const templateBucket = assembly.waves[1]![0]!.templateBucket
  expect(templateBucket).toBeDefined()
  const s3 = await accounts.client(S3Client, fleet.hub)
  const left = async () => (await s3.send(new ListObjectsV2Command({ Bucket: templateBucket }))).KeyCount
  expect(await left()).toBe(0)
  // Also where the deployment fails before CloudFormation is asked.
  const [first = [], second = []] = assembly.waves
  const parametersFrom = { Key: { stack: 'no-such-stack', target: fleet.hub, output: 'Nothing' } }
  const broken = { ...assembly, waves: [first, second.map((stack) => ({ ...stack, parametersFrom }))] }
  await expect(carryOut('third', broken)).rejects.toBeInstanceOf(DeploymentFailure)
  expect(await left()).toBe(0)
  accounts.close()
})
