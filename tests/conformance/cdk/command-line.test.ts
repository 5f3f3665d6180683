/** The newest CDK CLI: it bootstraps accounts, deploys an application across them, shows what would change, and takes it away. */
import { CreateBucketCommand, HeadBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { beforeAll, describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { driveCdk, hasCdk } from './cdk.ts'

const MINUTES = 60_000

const application = (word: string) => `
const { App, CfnOutput, CustomResource, NestedStack, RemovalPolicy, Stack } = require('aws-cdk-lib')
const { Bucket } = require('aws-cdk-lib/aws-s3')
const { StringParameter } = require('aws-cdk-lib/aws-ssm')
const { Topic } = require('aws-cdk-lib/aws-sns')
const { Code, Function, Runtime } = require('aws-cdk-lib/aws-lambda')
const { Provider } = require('aws-cdk-lib/custom-resources')

const app = new App()
const shop = new Stack(app, 'Shop', { env: { account: '${DEV}', region: 'us-east-1' } })
const bucket = new Bucket(shop, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true })
const onEventHandler = new Function(shop, 'OnEvent', {
  runtime: Runtime.NODEJS_22_X,
  handler: 'index.handler',
  code: Code.fromAsset(__dirname + '/function'),
})
const { serviceToken } = new Provider(shop, 'Provider', { onEventHandler })
const made = new CustomResource(shop, 'Made', { serviceToken, properties: { Word: '${word}' } })
const inner = new NestedStack(shop, 'Inner')
const topic = new Topic(inner, 'Topic', { displayName: '${word}' })
new StringParameter(new NestedStack(inner, 'Innermost'), 'Parameter', {
  parameterName: 'of-the-innermost',
  stringValue: '${word} ' + topic.topicName,
})
new CfnOutput(shop, 'Said', { value: made.getAttString('Said') })
new CfnOutput(shop, 'Name', { value: bucket.bucketName })

const old = new Stack(app, 'Old', { env: { account: '${HUB}', region: 'us-east-1' } })
new Bucket(old, 'Bucket', { bucketName: 'stood-before', removalPolicy: RemovalPolicy.RETAIN })
`

describe.skipIf(!hasCdk)('cdk (skipped: CROSSDOCK_CDK names no folder where it is installed)', async () => {
  const test = await startTestCloud()
  const { bootstrap, cdk, write } = driveCdk(test)
  const deploy = (...words: string[]) => cdk('deploy', '--require-approval', 'never', ...words)

  beforeAll(async () => {
    write({
      'cdk.json': '{"app":"node app.js"}',
      'app.js': application('one'),
      'function/index.js':
        'exports.handler = async ({ ResourceProperties: { Word } }) => ({ PhysicalResourceId: "made", Data: { Said: Word + "!" } })',
    })
    await bootstrap()
  }, 5 * MINUTES)

  it(
    'deploys across accounts, shows what would change, changes it, and takes everything away',
    async () => {
      const first = await deploy('Shop')
      expect(first).toContain('Shop.Said = one!')
      expect(await cdk('diff', 'Shop')).toContain('There were no differences')
      write({ 'app.js': application('two') })
      expect(await cdk('diff', 'Shop')).toMatch(/\[-\] one[\s\S]*\[\+\] two/)
      expect(await deploy('Shop')).toContain('Shop.Said = two!')
      expect(await deploy('Shop')).toContain('(no changes)')
      const ssm = test.client(SSMClient, { account: DEV })
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: 'of-the-innermost' }))
      expect(Parameter?.Value).toMatch(/^two Shop-/)
      const s3 = test.client(S3Client, { account: DEV, forcePathStyle: true })
      const Bucket = /Shop\.Name = (\S+)/.exec(first)?.[1]
      await s3.send(new PutObjectCommand({ Bucket, Key: 'left', Body: 'x' }))
      expect(await cdk('destroy', 'Shop', '--force')).toContain('Shop: destroyed')
      await expect(s3.send(new HeadBucketCommand({ Bucket }))).rejects.toThrow()
    },
    5 * MINUTES,
  )

  it(
    'imports what stands already',
    async () => {
      const s3 = test.client(S3Client, { forcePathStyle: true })
      await s3.send(new CreateBucketCommand({ Bucket: 'stood-before' }))
      expect(await deploy('Old', '--import-existing-resources')).toMatch(
        /IMPORT_COMPLETE[^\n]*AWS::S3::Bucket/,
      )
      expect(await cdk('destroy', 'Old', '--force')).toContain('Old: destroyed')
      write({ 'mapping.json': JSON.stringify({ Bucket83908E77: { BucketName: 'stood-before' } }) })
      const imported = await cdk('import', 'Old', '--force', '--resource-mapping', 'mapping.json')
      expect(imported).toMatch(/IMPORT_COMPLETE[^\n]*AWS::CloudFormation::Stack/)
    },
    5 * MINUTES,
  )
})
