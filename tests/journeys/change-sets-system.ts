/** examples/foreign/change-sets: which template goes where, in the order its README gives. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { pack } from '../../src/cloud/machine/archive.ts'
import type { Deployment, ForeignSystem, World } from './foreign-system.ts'

export const BUILD = '111111111111'
export const ACCOUNTS = { Dev: '222222222222', Test: '333333333333', Prod: '444444444444' }
export const HOME = 'us-east-1'
export const SECOND = 'eu-west-1'

const hub = { account: BUILD, region: HOME }
const deployAccounts = Object.values(ACCOUNTS)
const roleArns = deployAccounts
  .flatMap((account) =>
    ['cross-account-pipeline', 'cross-account-cloudformation'].map(
      (name) => `arn:aws:iam::${account}:role/${name}`,
    ),
  )
  .join(',')

const deploy = (account: string, parameters: Record<string, string>): Deployment => ({
  stack: 'bay-deploy',
  template: 'deploy.yaml',
  target: { account, region: HOME },
  parameters: { BuildAccount: BUILD, ...parameters },
})

export const changeSets: ForeignSystem = {
  folder: 'change-sets',
  hub,
  pipeline: 'greeter',
  applications: [`greeter=${resolve('examples/foreign/change-sets/app/template.yaml')}`],
  deployments: [
    { stack: 'bay-primary', template: 'primary.yaml', target: hub, parameters: {} },
    ...deployAccounts.map((account) =>
      deploy(account, {
        PipelineBucketArns: '{bay-primary.PipelineBucketArn}',
        KeyArns: '{bay-primary.KeyArn}',
      }),
    ),
    {
      stack: 'bay-primary',
      template: 'primary.yaml',
      target: hub,
      parameters: { DeployReady: 'true', DeployRoleArns: roleArns },
    },
    {
      stack: 'bay-regional',
      template: 'regional.yaml',
      target: { account: BUILD, region: SECOND },
      parameters: { DeployRoleArns: roleArns },
    },
    ...deployAccounts.map((account) =>
      deploy(account, {
        PipelineBucketArns: '{bay-primary.PipelineBucketArn},{bay-regional.PipelineBucketArn}',
        KeyArns: '{bay-primary.KeyArn},{bay-regional.KeyArn}',
      }),
    ),
    {
      stack: 'greeter-pipeline',
      template: 'pipeline.yaml',
      target: hub,
      parameters: {
        BuildBucket: '{bay-primary.BuildBucket}',
        PipelineBucket: '{bay-primary.PipelineBucket}',
        KeyArn: '{bay-primary.KeyArn}',
        SecondRegion: SECOND,
        SecondPipelineBucket: '{bay-regional.PipelineBucket}',
        SecondKeyArn: '{bay-regional.KeyArn}',
        DevAccount: ACCOUNTS.Dev,
        TestAccount: ACCOUNTS.Test,
        ProdAccount: ACCOUNTS.Prod,
      },
      before: (world) => uploadBuilds(world),
    },
  ],
  revise: (world) => uploadBuilds(world, revised),
}

/** A second version: the function's code changes, and what can of its settings, its role and the stack's tags. */
const revised = (text: string): string =>
  text
    .replace('export ', '// The second version.\nexport ')
    .replace('STAGE: ', 'VERSION: "2"\n          STAGE: ')
    .replace('PolicyName: logs', 'PolicyName: log')
    .replace(
      '- Effect: Allow\n            Principal:',
      '- Sid: Functions\n            Effect: Allow\n            Principal:',
    )
    .replace('"Team"', '"Owner"')

/** Does what the build does: the function first, the application last. */
async function uploadBuilds(
  { accounts, outputs }: World,
  edit = (text: string): string => text,
): Promise<void> {
  const s3 = await accounts.client(S3Client, hub)
  for (const [folder, name] of [
    ['function', 'function'],
    ['app', 'application'],
  ] as const) {
    const from = resolve('examples/foreign/change-sets', folder)
    const files = readdirSync(from).map((file) => ({
      name: file,
      content: Buffer.from(edit(readFileSync(join(from, file), 'utf8'))),
    }))
    const Bucket = outputs.get('bay-primary.BuildBucket')
    await s3.send(new PutObjectCommand({ Bucket, Key: `greeter/${name}.zip`, Body: await pack(files) }))
  }
}
