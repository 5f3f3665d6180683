/** What clients hear of services that the cloud does not have, and of keys that nobody has: in their own protocol. */
import { execFile, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'

const script = fileURLToPath(new URL('./absent-services.py', import.meta.url))
const hasBotocore = spawnSync('python3', ['-c', 'import botocore']).status === 0
const reason = hasBotocore ? '' : ' (skipped: python3 with botocore is not installed)'
const { cloud } = await startTestCloud()

/** A call of each protocol, and what its service is called in the signature. */
const CALLS: [service: string, call: string, scope: string][] = [
  ['dynamodb', 'list_tables:{}', 'dynamodb'],
  ['eks', 'list_clusters:{}', 'eks'],
  ['apigatewayv2', 'get_apis:{}', 'apigateway'],
  ['batch', 'describe_job_queues:{}', 'batch'],
  ['ec2', 'describe_vpcs:{}', 'ec2'],
  ['rds', 'describe_db_instances:{}', 'rds'],
  ['route53', 'list_hosted_zones:{}', 'route53'],
  ['cloudfront', 'list_distributions:{}', 'cloudfront'],
  ['autoscaling', 'describe_auto_scaling_groups:{}', 'autoscaling'],
  ['xray', 'get_groups:{}', 'xray'],
]

interface Answer {
  readonly code: string
  readonly message: string
  readonly status?: number
}

async function answers(key: string, calls: readonly string[]): Promise<Record<string, Answer>> {
  const { stdout } = await promisify(execFile)('python3', [script, cloud.endpoint, key, ...calls])
  return JSON.parse(stdout)
}

describe.skipIf(!hasBotocore)(`botocore${reason}`, () => {
  test('reads which service is not there, whatever it speaks', async () => {
    const found = await answers(
      HUB,
      CALLS.map(([service, call]) => `${service}:${call}`),
    )
    for (const [service, , scope] of CALLS)
      expect(found[service], service).toEqual({
        code: 'UnsupportedService',
        message: `The embedded cloud does not support the service "${scope}".`,
        status: 501,
      })
  })

  test('reads how to get credentials, in the code that AWS has for unknown keys', async () => {
    const codes: Record<string, string> = {
      sts: 'InvalidClientTokenId',
      s3: 'InvalidAccessKeyId',
      kms: 'UnrecognizedClientException',
      lambda: 'UnrecognizedClientException',
      eks: 'UnrecognizedClientException',
    }
    const calls = {
      sts: 'get_caller_identity',
      s3: 'list_buckets',
      kms: 'list_keys',
      lambda: 'list_functions',
      eks: 'list_clusters',
    }
    const found = await answers(
      'test',
      Object.entries(calls).map(([service, method]) => `${service}:${method}:{}`),
    )
    for (const [service, code] of Object.entries(codes)) {
      expect(found[service], service).toMatchObject({ code })
      expect(found[service]!.message).toContain('takes the number of an account')
      expect(found[service]!.message).toContain('AWS_ACCESS_KEY_ID=')
    }
  })
})

test('the cloud says that it is well, and which services it has, to everybody', async () => {
  const answer = await fetch(`${cloud.endpoint}/_crossdock/health`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json'])
  const health = (await answer.json()) as { services: string[] }
  expect(health).toMatchObject({ status: 'ok', iam: 'enforced' })
  expect(health.services).toEqual(expect.arrayContaining(['s3', 'codebuild', 'codepipeline']))
})
