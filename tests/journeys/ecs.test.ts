/** examples/ecs: an image of each commit replaces the tasks of services in other accounts and regions, IAM enforced. */
import { DescribeRepositoriesCommand, ECRClient, SetRepositoryPolicyCommand } from '@aws-sdk/client-ecr'
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Target } from '../../src/model/index.ts'
import { Demonstration, replaced } from './demonstration.ts'

const HUB = { account: '111111111111', region: 'us-east-1' }
const TEST = { account: '333333333333', region: 'us-east-1' }
const REPOSITORY = 'shop/web'

let shipped: Demonstration

beforeAll(async () => {
  shipped = await Demonstration.deploy('ecs')
}, 60_000)
afterAll(() => shipped?.end())

/** By `environment region`, the tag of the image that the service runs. */
const running = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await shipped.shipped('web')).map(({ environment, region, answer }) => {
      const { images, runningCount } = answer as { images: string[]; runningCount: number }
      return [`${environment} ${region}`, `${runningCount} of ${images[0]!.split('/').at(-1)}`]
    }),
  )

/** Pushes a changed file, and gives what became of the pipeline. */
async function push(file: string, from: string, to: string): Promise<string> {
  const edit = { [file]: replaced(from, to) }
  await shipped.change({ starts: ['web'], repository: 'example/web', edit })
  return shipped.states.get('web')!.status
}

async function service({ account, region }: Target) {
  const ecs = await shipped.workspace.accounts.client(ECSClient, { account, region })
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }))
  return services![0]!
}

const denied = () =>
  shipped.trail
    .filter(({ decision }) => decision.effect !== 'allowed')
    .map(({ principal, action }) => `${principal} ${action}`)

test('a commit becomes an image and runs in every account and region, and nobody is denied anything', async () => {
  await shipped.ship()
  expect(shipped.failures).toBe('')
  const tag = expect.stringMatching(/^2 of web:[0-9a-f]{40}$/)
  expect(await running()).toEqual({ 'test us-east-1': tag, 'prod us-east-1': tag, 'prod eu-west-1': tag })
  expect(denied()).toEqual([])
}, 60_000)

test('the image is scanned when it is pushed, and others than the two accounts see nothing of it', async () => {
  const ecr = await shipped.workspace.accounts.client(ECRClient, HUB)
  const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [REPOSITORY] }))
  expect(repositories?.[0]).toMatchObject({ imageScanningConfiguration: { scanOnPush: true } })
  const pulls = shipped.trail.filter(({ action }) => action === 'ecr:BatchGetImage')
  expect(new Set(pulls.map(({ principal }) => principal))).toEqual(
    new Set([
      'arn:aws:iam::333333333333:role/shop-web-execution-us-east-1',
      'arn:aws:iam::444444444444:role/shop-web-execution-us-east-1',
      'arn:aws:iam::444444444444:role/shop-web-execution-eu-west-1',
    ]),
  )
})

test('an image that cannot be run is taken back, and the pipeline fails with the reason', async () => {
  const before = await running()
  expect(await push('buildspec.yml', 'imageUri":"%s"', 'imageUri":"%s-typo"')).toBe('Failed')
  expect(shipped.failures).toMatch(
    /deployment failed: tasks failed to start\. .*CannotPullContainerError: .*shop\/web:[0-9a-f]{40}-typo: not found/,
  )
  await expect
    .poll(async () => (await service(TEST)).deployments?.map((one) => one.rolloutState), { timeout: 10_000 })
    .toEqual(['COMPLETED'])
  expect(await running()).toEqual(before)
}, 60_000)

test('a repository that no longer lets the account in stops the deployment there', async () => {
  const ecr = await shipped.workspace.accounts.client(ECRClient, HUB)
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::444444444444:root' },
      Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    },
  ]
  const policyText = JSON.stringify({ Version: '2012-10-17', Statement })
  await ecr.send(new SetRepositoryPolicyCommand({ repositoryName: REPOSITORY, policyText }))
  expect(await push('buildspec.yml', '%s-typo', '%s')).toBe('Failed')
  expect(shipped.failures).toMatch(
    /CannotPullContainerError: .*333333333333:assumed-role\/shop-web-execution-us-east-1\/.* ecr:BatchGetImage .*no resource-based policy allows/,
  )
}, 60_000)

test('the tasks read their secret, and neither task definitions nor the trail nor events show it', async () => {
  const { accounts } = shipped.workspace
  const secrets = await accounts.client(SecretsManagerClient, TEST)
  const { SecretString: value } = await secrets.send(new GetSecretValueCommand({ SecretId: 'shop/greeting' }))
  expect(value).toMatch(/^.{24}$/)
  const readers = shipped.trail.filter(
    ({ action, principal }) =>
      action === 'secretsmanager:GetSecretValue' && principal.includes(':role/shop-web-execution-'),
  )
  expect(readers.length).toBeGreaterThan(5)
  const { taskDefinition, events } = await service(TEST)
  const ecs = await accounts.client(ECSClient, TEST)
  const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }))
  const shown = JSON.stringify([described, events, shipped.trail, shipped.workspace.assembly])
  expect(shown).toContain('secret:shop/greeting-')
  expect(shown).not.toContain(value)
})
