/** An image built for another account, in Terraform: the account's deployment role reads what CodeBuild wrote. */
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { expect, test as it } from 'vitest'
import { open } from '../../src/cloud/machine/archive.ts'
import { startTestCloud } from '../conformance/cloud.ts'
import { allow, userWith } from '../conformance/ecr/callers.ts'
import { missing } from '../conformance/terraform/terraform.ts'
import { failureOf, followFirst } from './ship.ts'
import { openSystem, pushFirst } from './terraform-system.ts'

const ACCOUNTS = { build: '111111111111', test: '333333333333' }
const region = 'us-west-2'
const hub = { account: ACCOUNTS.build, region }
const Bucket = 'my-thing-artifacts'

const test = await startTestCloud()

it.skipIf(missing)(
  `hands the image definitions over${missing ? ` (skipped: ${missing})` : ''}`,
  async () => {
    const { accounts, terraform } = await openSystem(test, 'image-build', ACCOUNTS)
    await pushFirst(test.cloud, {
      account: hub.account,
      repository: 'example/my-thing',
      from: 'examples/foreign/ecs-policies/app',
    })
    await terraform.apply()
    expect(await terraform.plan()).toBe('')

    const state = await followFirst(accounts, hub, 'my-thing')
    expect(failureOf({ state })).toBe('')
    const { Contents = [] } = await (await accounts.client(S3Client, hub)).send(
      new ListObjectsV2Command({ Bucket }),
    )
    const Key = Contents.map((one) => one.Key ?? '').find((key) => key.includes('/image/'))
    const { Body } = await (await deployer()).send(new GetObjectCommand({ Bucket, Key }))
    const files = await open(await Body!.transformToByteArray())
    expect([...files.keys()]).toContain('imagedefinitions.json')
    await terraform.destroy()

    /** S3 as the role in the test account, which a session in the build account has assumed. */
    async function deployer(): Promise<S3Client> {
      const RoleArn = `arn:aws:iam::${ACCOUNTS.test}:role/test-deployment`
      const credentials = await userWith(test, hub.account, 'somebody', allow('sts:AssumeRole', RoleArn))
      const sts = test.client(STSClient, { region, credentials })
      const { Credentials } = await sts.send(
        new AssumeRoleCommand({ RoleArn, RoleSessionName: 'deployment' }),
      )
      const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {}
      const session = {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
      }
      return test.client(S3Client, { region, credentials: session })
    }
  },
  480_000,
)
