import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, it } from 'vitest'
import { startTestCloud } from '../cloud.ts'
import { commandLine, hasBoto3, hasCli } from '../command-line.ts'

const test = await startTestCloud()
const { folder, aws, python } = commandLine(test.cloud, 'eu-west-1')

describe.skipIf(!hasCli)('aws s3 (skipped: the aws CLI is not installed)', () => {
  it('makes buckets, copies, lists, syncs, presigns and removes', async () => {
    expect(await aws('s3', 'mb', 's3://cli-bucket')).toContain('make_bucket: cli-bucket')
    writeFileSync(join(folder, 'hello.txt'), 'hello from the command line')
    await aws('s3', 'cp', 'hello.txt', 's3://cli-bucket/in/hello.txt')
    await aws('s3', 'cp', 's3://cli-bucket/in/hello.txt', 'back.txt')
    expect(readFileSync(join(folder, 'back.txt'), 'utf8')).toBe('hello from the command line')
    expect(await aws('s3', 'ls', 's3://cli-bucket')).toContain('PRE in/')
    expect(await aws('s3', 'ls', 's3://cli-bucket/in/')).toMatch(/27 hello\.txt/)
    expect(await aws('s3', 'ls')).toContain('cli-bucket')

    mkdirSync(join(folder, 'site/sub'), { recursive: true })
    writeFileSync(join(folder, 'site/a b.html'), 'A')
    writeFileSync(join(folder, 'site/sub/ü.html'), 'B')
    await aws('s3', 'sync', 'site', 's3://cli-bucket/site')
    expect(await aws('s3', 'sync', 'site', 's3://cli-bucket/site')).toBe('')
    expect(await aws('s3', 'ls', '--recursive', 's3://cli-bucket/site')).toMatch(
      /a b\.html[\s\S]*sub\/ü\.html/,
    )

    const url = (await aws('s3', 'presign', 's3://cli-bucket/in/hello.txt')).trim()
    expect(await (await fetch(url)).text()).toBe('hello from the command line')

    await expect(aws('s3', 'rb', 's3://cli-bucket')).rejects.toThrow('BucketNotEmpty')
    await aws('s3', 'mv', 's3://cli-bucket/in/hello.txt', 's3://cli-bucket/out.txt')
    await aws('s3', 'rm', '--recursive', 's3://cli-bucket')
    await aws('s3', 'rb', 's3://cli-bucket')
    expect(await aws('s3', 'ls')).not.toContain('cli-bucket')
  }, 120_000)

  it('uploads large files in parts', async () => {
    await aws('s3', 'mb', 's3://cli-large')
    writeFileSync(join(folder, 'large.bin'), Buffer.alloc(20 * 1024 * 1024, 'large file '))
    await aws('s3', 'cp', 'large.bin', 's3://cli-large/large.bin')
    await aws('s3', 'cp', 's3://cli-large/large.bin', 'large.back')
    expect(readFileSync(join(folder, 'large.back')).equals(readFileSync(join(folder, 'large.bin')))).toBe(
      true,
    )
    const head = JSON.parse(await aws('s3api', 'head-object', '--bucket', 'cli-large', '--key', 'large.bin'))
    expect(head.ETag).toMatch(/-\d+"$/)
  }, 120_000)
})

const SCRIPT = `
import boto3, botocore
s3 = boto3.client('s3')
try:
    s3.create_bucket(Bucket='boto-bucket')
    raise SystemExit('made a bucket without a location constraint')
except botocore.exceptions.ClientError as e:
    assert e.response['Error']['Code'] == 'IllegalLocationConstraintException', e
s3.create_bucket(Bucket='boto-bucket', CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'})
s3.put_object(Bucket='boto-bucket', Key='k+ y/1', Body=b'data', Metadata={'m': 'v'})
got = s3.get_object(Bucket='boto-bucket', Key='k+ y/1')
assert got['Body'].read() == b'data' and got['Metadata'] == {'m': 'v'}
keys = [o['Key'] for o in s3.list_objects_v2(Bucket='boto-bucket')['Contents']]
assert keys == ['k+ y/1'], keys
s3.copy({'Bucket': 'boto-bucket', 'Key': 'k+ y/1'}, 'boto-bucket', 'copy')
far = boto3.client('s3', region_name='us-east-1')
assert far.get_object(Bucket='boto-bucket', Key='copy')['Body'].read() == b'data'
try:
    s3.head_object(Bucket='boto-bucket', Key='missing')
    raise SystemExit('found a key that is not there')
except botocore.exceptions.ClientError as e:
    assert e.response['Error']['Code'] == '404', e
url = s3.generate_presigned_url('get_object', Params={'Bucket': 'boto-bucket', 'Key': 'copy'})
import urllib.request
assert urllib.request.urlopen(url).read() == b'data'
bucket = boto3.resource('s3').Bucket('boto-bucket')
bucket.objects.all().delete()
bucket.delete()
print('done')
`

describe.skipIf(!hasBoto3)('boto3 (skipped: boto3 is not installed)', () => {
  it('does the everyday things, and follows a redirect to another region', async () => {
    expect(await python(SCRIPT)).toContain('done')
  }, 60_000)
})

describe('a client of another region', () => {
  const far = commandLine(test.cloud, 'us-west-2')
  const buckets = { 'cli-ireland': 'eu-west-1', 'cli-milan': 'eu-south-1' }

  beforeAll(async () => {
    for (const [Bucket, region] of Object.entries(buckets)) {
      const home = test.client(S3Client, { region })
      const CreateBucketConfiguration = { LocationConstraint: region as 'eu-west-1' }
      await home.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }))
      await home.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))
    }
  })

  it.skipIf(!hasCli)(
    'follows as the aws CLI (skipped: it is not installed)',
    async () => {
      for (const bucket of Object.keys(buckets))
        expect(await far.aws('s3', 'cp', `s3://${bucket}/k`, '-')).toBe('x')
    },
    120_000,
  )

  it.skipIf(!hasBoto3)(
    'follows as boto3 (skipped: it is not installed)',
    async () => expect(await far.python(FOLLOWING)).toContain('done'),
    60_000,
  )
})

const FOLLOWING = `
import boto3
for bucket in ['cli-ireland', 'cli-milan']:
    for call in ['get_object', 'head_object', 'list_objects_v2', 'head_bucket', 'get_bucket_encryption']:
        s3 = boto3.client('s3')
        getattr(s3, call)(Bucket=bucket, **({'Key': 'k'} if call.endswith('_object') else {}))
print('done')
`
