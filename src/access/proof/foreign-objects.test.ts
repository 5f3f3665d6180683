import { expect, test } from 'vitest'
import type { Template } from '../../model/index.ts'
import { readLandscape } from '../landscape/read-landscape.ts'
import { foreignObject } from './foreign-objects.ts'

const [HUB, DEV, PROD] = ['111111111111', '222222222222', '333333333333']
const roleOf = (account: string) => `arn:aws:iam::${account}:role/action`

/** A pipeline whose artifact Outs is made in one account and read by another, in a bucket with an ownership. */
function reading(reader: string, ObjectOwnership?: string) {
  const deploy = (name: string, account: string, artifacts: object) => ({
    Name: name,
    RoleArn: roleOf(account),
    ActionTypeId: { Category: 'Deploy', Owner: 'AWS', Provider: 'CloudFormation', Version: '1' },
    ...artifacts,
  })
  const rules = ObjectOwnership && { OwnershipControls: { Rules: [{ ObjectOwnership }] } }
  const Pipeline = {
    Name: 'acme',
    RoleArn: roleOf(HUB),
    ArtifactStore: { Type: 'S3', Location: { Ref: 'Bucket' } },
    Stages: [
      {
        Name: 'Make',
        Actions: [deploy('Make', DEV, { OutputArtifacts: [{ Name: 'Outs' }] })],
      },
      { Name: 'Use', Actions: [deploy('Use', reader, { InputArtifacts: [{ Name: 'Outs' }] })] },
    ],
  }
  const template = {
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'artifacts', ...rules } },
      Pipeline: { Type: 'AWS::CodePipeline::Pipeline', Properties: Pipeline },
    },
  } as unknown as Template
  const landscape = readLandscape([{ stack: 'hub', target: { account: HUB, region: 'us-east-1' }, template }])
  const resource = 'arn:aws:s3:::artifacts/acme/Outs/*'
  const need = { principal: roleOf(reader), action: 's3:GetObject', resource, because: 'to read it' }
  return foreignObject(need, landscape.pipelines[0]!, landscape)
}

test('a third account cannot read what belongs to its writer', () => {
  const failure = reading(PROD, 'ObjectWriter')
  expect(failure?.close[0]).toMatch(/Make writes Outs as account 222222222222.*ObjectWriter/)
  expect(failure?.remedies[0]).toMatchObject({
    belongsIn: 'object ownership of the bucket artifacts',
    advice: expect.stringContaining('BucketOwnerEnforced'),
    origin: { logicalId: 'Bucket' },
  })
})

test('the writer, the owner of the bucket and readers of what the bucket owns can', () => {
  expect(reading(DEV, 'ObjectWriter')).toBeUndefined()
  expect(reading(HUB, 'ObjectWriter')).toBeUndefined()
  expect(reading(PROD, 'BucketOwnerEnforced')).toBeUndefined()
  expect(reading(PROD)).toBeUndefined()
})
