/** The examples that have several pipelines or archives: each is shipped whole, with IAM enforced, and looked at in its accounts. */
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { problemsOf } from '../../src/access/index.ts'
import { checked } from '../../src/cli/checked.ts'
import { exampleNames } from '../../src/cli/demo/examples.ts'
import type { Shipped } from '../../src/cli/demo/shipped.ts'
import { proofInputIn } from '../../src/cli/proof-input.ts'
import { openWorkspace } from '../../src/cli/workspace.ts'
import { Demonstration, replaced } from './demonstration.ts'
import { show } from './witness.ts'

let shipped: Demonstration

test.each(exampleNames())(
  '%s is proven whole, and nothing is wrong with it or granted beyond need',
  async (name) => {
    const workspace = await openWorkspace(`examples/${name}/crossdock.yaml`)
    workspace.accounts.close()
    const results = checked(proofInputIn(workspace, { options: {} }))
    expect(results.proof.edges.length).toBeGreaterThan(50)
    expect(
      results.proof.edges.filter(({ verdict }) => verdict !== 'allowed').map(({ need }) => show(need)),
    ).toEqual([])
    expect(problemsOf(results, workspace.assembly.warnings).map(({ message }) => message)).toEqual([])
    expect(results.excesses.map(({ message }) => message)).toEqual([])
  },
)

/** Ships an example before the tests of a group, and ends its cloud behind them. */
function shipping(name: string): void {
  beforeAll(async () => {
    shipped = await Demonstration.deploy(name)
    await shipped.ship()
  }, 120_000)
  afterAll(() => shipped?.end())

  test('travels to the end of every pipeline, and is denied nothing', () => {
    expect(shipped.failures).toBe('')
    const denied = shipped.trail.filter(({ decision }) => decision.effect !== 'allowed')
    expect(denied.map(({ decision }) => decision.message)).toEqual([])
  })
}

/** By `environment region what`, what is there. */
const answers = async (id: string): Promise<Record<string, unknown>> =>
  Object.fromEntries(
    (await shipped.shipped(id)).map(({ environment, region, what, answer, error }: Shipped) => [
      `${environment} ${region} ${what}`,
      error ?? answer,
    ]),
  )

/** The approvals of a pipeline's last execution, by stage. */
const approvals = (id: string): string[] =>
  shipped.states
    .get(id)!
    .stages.flatMap(({ name, actions }) =>
      actions
        .filter(({ category }) => category === 'Approval')
        .map(({ status, summary }) => `${name}: ${status}, ${summary}`),
    )

/** Who was told that an approval waits: the topics that pipelines have published to. */
const askedAt = (): string[] => [
  ...new Set(
    shipped.trail.flatMap(({ action, principal, resource }) =>
      action === 'sns:Publish' && principal.endsWith('-pipeline') ? resource.split(':').slice(-1) : [],
    ),
  ),
]

/** How many executions each pipeline has had, the one that its creation starts included. */
const counts = async (ids: readonly string[]): Promise<number[]> =>
  Promise.all(ids.map(async (id) => (await shipped.settledExecutions(id)).length))

describe('change-sets', () => {
  shipping('change-sets')

  test('two archives start the pipeline once', async () => {
    const triggers = (await shipped.settledExecutions('orders')).map(({ trigger }) => trigger?.triggerType)
    expect(triggers).toEqual(['CloudWatchEvent', 'CreatePipeline'])
  })

  test('the service answers with its stage, the topic of its network, and the level of the archive', async () => {
    const topic = (account: string, region: string) => `arn:aws:sns:${region}:${account}:orders-network`
    const service = (stage: string, account: string, region: string) => ({
      [`${stage} ${region} orders-network`]: { TopicArn: topic(account, region) },
      [`${stage} ${region} orders`]: { stage, region, tells: topic(account, region), level: 'info' },
    })
    expect(await answers('orders')).toEqual({
      ...service('dev', '222222222222', 'us-east-1'),
      ...service('test', '333333333333', 'eu-west-1'),
      ...service('prod', '444444444444', 'us-east-1'),
      ...service('prod', '444444444444', 'eu-west-1'),
    })
  })

  test('prod is approved between the change sets and their execution, and people are asked', () => {
    const { stages } = shipped.states.get('orders')!
    const prod = stages.find(({ name }) => name === 'prod')!
    const inOrder = [...prod.actions].sort((one, other) => one.started! - other.started!)
    const steps = inOrder.map(({ name }) => name.split('-')[0])
    expect(steps).toEqual(['prepare', 'prepare', 'approve', 'execute', 'execute'])
    expect(approvals('orders')).toEqual([
      'prod-network-approve: Succeeded, journey',
      'prod: Succeeded, journey',
    ])
    expect(askedAt()).toEqual([
      'crossdock-change-sets-orders-prod-network-approval',
      'crossdock-change-sets-orders-prod-approval',
    ])
  })
})

describe('blue-green', () => {
  shipping('blue-green')

  test('the load balancer of each account leads to tasks of the image that was dropped', async () => {
    const found = await answers('api')
    expect(Object.keys(found)).toEqual(['test us-east-1 api', 'prod us-east-2 api'])
    for (const lines of Object.values(found))
      expect(lines).toEqual(
        expect.arrayContaining([
          'This task is simulated by the embedded cloud: no container runs.',
          'image public.ecr.aws/nginx/nginx:1.29',
        ]),
      )
  })

  test('prod is approved before its service is deployed', () => {
    expect(approvals('api')).toEqual(['prod: Succeeded, journey'])
  })
})

describe('factory', () => {
  shipping('factory')

  test('main goes to prod, in a region of its own, and a release to dev', async () => {
    const built = { service: 'orders', level: 'info' }
    expect(await answers('orders-main')).toEqual({
      'prod us-east-1 orders-main': { ...built, branch: 'main' },
    })
    expect(await answers('orders-release-1')).toEqual({
      'dev ap-southeast-2 orders-release-1': { ...built, branch: 'release-1' },
    })
  })

  test('a repository of AWS ships beside them', async () => {
    expect(await answers('legacy')).toEqual({
      'dev ap-southeast-2 legacy': { service: 'legacy', branch: 'main', level: 'info' },
    })
  })

  test('the site lies in its buckets', async () => {
    expect(await answers('site')).toEqual({
      'dev ap-southeast-2 factory-site-222222222222-ap-southeast-2': ['index.html'],
      'prod us-east-1 factory-site-444444444444-us-east-1': ['index.html'],
    })
  })

  test('only main is approved, and people are asked', () => {
    expect(approvals('orders-main')).toEqual(['prod: Succeeded, journey'])
    expect(['orders-release-1', 'legacy', 'site'].flatMap(approvals)).toEqual([])
    expect(askedAt()).toEqual(['crossdock-factory-orders-main-prod-approval'])
  })
})

describe('monorepo', () => {
  shipping('monorepo')
  const ids = ['orders', 'billing', 'web']
  const service = (name: string) => ({
    [`dev eu-west-1 ${name}`]: { message: `Hello from dev, ${name} in nowhere` },
    [`prod eu-west-1 ${name}`]: { message: `Hello, ${name} in Dublin` },
    [`prod us-east-1 ${name}`]: { message: `Hello, ${name} in Ashburn` },
  })

  test('each service answers with the values of its account and region', async () => {
    expect(await answers('orders')).toEqual(service('orders'))
    expect(await answers('billing')).toEqual(service('billing'))
    expect(Object.values(await answers('web'))).toEqual([['index.html'], ['index.html'], ['index.html']])
  })

  test('each is approved before prod', () => {
    expect(ids.flatMap(approvals)).toEqual(ids.map(() => 'prod: Succeeded, journey'))
  })

  test('a push starts the pipelines of what it touches, and no other', { timeout: 120_000 }, async () => {
    expect(await counts(ids)).toEqual([2, 2, 2])
    await shipped.change({
      starts: ['orders'],
      repository: 'acme/mono',
      edit: { 'services/orders/index.mjs': replaced("greet('orders')", "greet('Orders')") },
    })
    expect(shipped.failures).toBe('')
    expect(await counts(ids)).toEqual([3, 2, 2])
    expect(await answers('orders')).toMatchObject({
      'prod eu-west-1 orders': { message: 'Hello, Orders in Dublin' },
    })
    expect(await answers('billing')).toEqual(service('billing'))
  })
})

describe('lambda', () => {
  shipping('lambda')
  const places = ['dev us-east-1', 'qa us-east-1', 'prod us-east-1', 'prod eu-west-1']
  const told = async (what: 'version' | 'price') =>
    Object.fromEntries(
      Object.entries(await answers('worker')).map(([where, answer]) => [
        where.replace(/ worker$/, ''),
        (answer as Record<string, unknown>)[what],
      ]),
    )
  const everywhere = (value: unknown) => Object.fromEntries(places.map((place) => [place, value]))
  const change = (from: string, to: string) =>
    shipped.change({
      starts: ['worker'],
      repository: 'acme/worker',
      edit: {
        'src/price.mjs': replaced(from, to),
        'test/price.test.mjs': replaced('90)', to.includes('20') ? '95)' : '90)'),
        'test/integration.mjs': replaced('price, 90', to.includes('20') ? 'price, 95' : 'price, 90'),
      },
    })

  test('the alias of each environment has its version, and answers with it', async () => {
    expect(await told('version')).toEqual(everywhere('2'))
    expect(await told('price')).toEqual(everywhere(90))
    expect(await answers('worker')).toMatchObject({ 'qa us-east-1 worker': { stage: 'qa' } })
  })

  test('the address was asked in dev with the key, before qa and prod were approved', () => {
    const order = shipped.states.get('worker')!.stages.flatMap(({ actions }) => actions)
    const ended = (name: string) => order.find((one) => one.name.startsWith(name))!
    expect(ended('test').status).toBe('Succeeded')
    expect(approvals('worker')).toEqual(['qa: Succeeded, journey', 'prod: Succeeded, journey'])
  })

  test('the key is in no log and no template', async () => {
    const target = { account: '222222222222', region: 'us-east-1' }
    const { accounts, assembly } = shipped.workspace
    const secrets = await accounts.client(SecretsManagerClient, target)
    const { SecretString: key } = await secrets.send(new GetSecretValueCommand({ SecretId: 'worker/key' }))
    const logs = await accounts.client(CloudWatchLogsClient, target)
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}))
    const events = await Promise.all(
      logGroups.map(({ logGroupName }) => logs.send(new FilterLogEventsCommand({ logGroupName }))),
    )
    const lines = events.flatMap((one) => one.events ?? []).map(({ message }) => message)
    expect(lines.some((line) => line?.includes('version 2 of dev answers'))).toBe(true)
    expect(lines.filter((line) => line?.includes(key!))).toEqual([])
    expect(JSON.stringify(assembly)).not.toContain(key)
  })

  test('an alias jumps back to the code that worked, where it is rolled back', {
    timeout: 120_000,
  }, async () => {
    await change('/ 10)', '/ 20)')
    expect(shipped.failures).toBe('')
    expect(await told('price')).toEqual(everywhere(95))
    await shipped.rollBack('worker', 'prod')
    expect(shipped.failures).toBe('')
    expect(await told('price')).toEqual({ ...everywhere(95), 'prod us-east-1': 90, 'prod eu-west-1': 90 })
    expect(await told('version')).toMatchObject({ 'dev us-east-1': '3', 'prod us-east-1': '4' })
  })
})
