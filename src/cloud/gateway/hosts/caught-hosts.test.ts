/** Which of AWS's names are caught: those of its APIs, and none of what runs on AWS. */
import { describe, expect, test } from 'vitest'
import { isCaught } from './caught-hosts.ts'

describe('names of the APIs', () => {
  test.each([
    'sts.amazonaws.com',
    'STS.us-east-1.amazonaws.com.',
    'sts-fips.us-gov-west-1.amazonaws.com',
    'kms.cn-north-1.amazonaws.com.cn',
    'lambda.eu-west-1.api.aws',
    'organizations.us-east-1.amazonaws.com',
    'iam.amazonaws.com',
    'iam.us-gov.amazonaws.com',
    'api.ecr.eu-central-1.amazonaws.com',
    '111111111111.dkr.ecr.us-east-1.amazonaws.com',
    'git-codecommit.eu-west-1.amazonaws.com',
    's3.amazonaws.com',
    'b.s3.amazonaws.com',
    'a.b_c.s3.eu-west-1.amazonaws.com',
    'b.s3.dualstack.ap-southeast-2.amazonaws.com',
    'b.s3-eu-west-1.amazonaws.com',
    's3-external-1.amazonaws.com',
    'b.s3-accelerate.dualstack.amazonaws.com',
    '111111111111.s3-control.eu-west-1.amazonaws.com',
    'cloudformation-custom-resource-response-euwest1.s3.eu-west-1.amazonaws.com',
  ])('%s', (name) => expect(isCaught(name)).toBe(true))
})

describe('names of what runs on AWS, of downloads, and of others', () => {
  test.each([
    'awscli.amazonaws.com',
    'checkip.amazonaws.com',
    'truststore.pki.rds.amazonaws.com',
    'abcdef.execute-api.eu-west-1.amazonaws.com',
    'mine-123.eu-west-1.elb.amazonaws.com',
    'ec2-1-2-3-4.eu-west-1.compute.amazonaws.com',
    'db.abc.eu-west-1.rds.amazonaws.com',
    'b.s3-website.eu-central-1.amazonaws.com',
    'b.s3-website-us-east-1.amazonaws.com',
    'sts.us-east-1.amazonaws.com.evil.example',
    'evil.example',
    'sts.us-east-1.notamazonaws.com',
    'docs.aws.amazon.com',
    'public.ecr.aws',
    'localhost',
    '127.0.0.1',
    '',
    `${'a.'.repeat(150)}s3.amazonaws.com`,
  ])('%s', (name) => expect(isCaught(name)).toBe(false))
})
