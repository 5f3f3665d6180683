/** examples/foreign/change-sets, deployed with the aws CLI and run; and with typical mistakes in it. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACCOUNTS, BUILD, changeSets, HOME, SECOND } from './change-sets-system.ts'
import { failureIn, hasAwsCli, type Run, runForeign } from './foreign-system.ts'

describe.skipIf(!hasAwsCli())('change-sets (skipped: the aws CLI is not installed)', () => {
  let run: Run

  beforeAll(async () => {
    run = await runForeign(changeSets, {}, { cli: true })
  }, 120_000)
  afterAll(() => run?.end())

  test('travels through every stage', () => {
    expect(failureIn(run)).toBe('')
    expect(run.state?.status).toBe('Succeeded')
  })

  test('the function of the stage Sync has copied both archives to the other region', async () => {
    const s3 = await run.accounts.client(S3Client, { account: BUILD, region: SECOND })
    const Bucket = run.outputs.get('bay-regional.PipelineBucket')
    const sync = run.state?.stages.find(({ name }) => name === 'Sync')?.actions.map(({ status }) => status)
    expect(sync).toEqual(['Succeeded'])
    const put = run.trail.filter(
      ({ principal, action }) => principal.endsWith(':role/greeter-sync') && action === 's3:PutObject',
    )
    expect(put).toHaveLength(2)
    for (const { resource } of put) {
      expect(resource).toContain(`arn:aws:s3:::${Bucket}/`)
      const Key = resource.slice(resource.indexOf('/') + 1)
      const { ServerSideEncryption, ContentLength } = await s3.send(new HeadObjectCommand({ Bucket, Key }))
      expect(ServerSideEncryption).toBe('aws:kms')
      expect(ContentLength).toBeGreaterThan(0)
    }
  })

  test('answers in every account and region', async () => {
    for (const [stage, regions] of [
      ['Dev', [HOME]],
      ['Test', [HOME, SECOND]],
      ['Prod', [HOME, SECOND]],
    ] as const)
      for (const region of regions) {
        const lambda = await run.accounts.client(LambdaClient, { account: ACCOUNTS[stage], region })
        const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'greeter' }))
        expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toEqual({
          stage: stage.toLowerCase(),
          region,
        })
      }
  })
})
