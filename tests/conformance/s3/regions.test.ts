/** What S3 answers a client of another region, for every operation on a bucket or an object, and who follows. */
import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { describe, expect, it } from 'vitest'
import { loadModel } from '../../../src/cloud/protocols/index.ts'
import { services } from '../../../src/cloud/services/index.ts'
import { startTestCloud } from '../cloud.ts'
import { sampleOf } from '../wire/sample.ts'
import { loadSdk, type SdkClient } from '../wire/sdk-clients.ts'

const test = await startTestCloud()
const s3 = test.client(S3Client)
const at = (region: string, more: object = {}) => test.client(S3Client, { region, ...more })

for (const [Bucket, LocationConstraint] of [
  ['in-ireland', 'eu-west-1'],
  ['in-milan', 'eu-south-1'],
] as const) {
  const home = at(LocationConstraint)
  await home.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }))
  await home.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))
}
await s3.send(new CreateBucketCommand({ Bucket: 'in-virginia' }))

interface Failure {
  readonly name: string
  readonly message: string
  readonly Region?: string
  readonly $metadata: { readonly httpStatusCode: number }
  readonly $response: { readonly headers: Record<string, string> }
}

const failure = (call: Promise<unknown>): Promise<Failure> =>
  call.then(
    () => Promise.reject(new Error('was answered')),
    (error: Failure) => error,
  )

/** AWS: a new bucket lies nowhere yet, and GetBucketLocation is asked to learn where one lies. */
const ANYWHERE = ['CreateBucket', 'GetBucketLocation']

const { operations } = await services.find(({ id }) => id === 's3')!.load()
const model = loadModel('s3')
const onBuckets = operations
  .map(({ name }) => model.operations.get(name)!)
  .filter(({ input }) => input?.member('Bucket'))

const sdk = await loadSdk('s3')

describe('an operation signed for another region', () => {
  it.each(onBuckets.filter(({ name }) => !ANYWHERE.includes(name)))(
    '$name is told where the bucket lies',
    async ({ name, input: shape }) => {
      const required = shape!.data.required ?? []
      const input = sampleOf(shape!, {
        fixed: { Bucket: 'in-ireland', Key: 'k', CopySource: 'in-ireland/k', PartNumber: 1, Policy: '{}' },
        omit: (member) => !required.includes(member) && member !== 'Bucket',
      })
      for (const [region, status] of [
        ['us-west-2', 301],
        ['eu-south-1', 400],
      ] as const) {
        const client = at(region) as unknown as SdkClient
        const error = await failure(client.send(new (sdk.commands.get(name)!)(input)))
        expect(error.$metadata.httpStatusCode).toBe(status)
        expect(error.$response.headers['x-amz-bucket-region']).toBe('eu-west-1')
      }
    },
  )

  it('is told the endpoint to use', async () => {
    const read = at('us-west-2').send(new GetObjectCommand({ Bucket: 'in-ireland', Key: 'k' }))
    expect(await failure(read)).toMatchObject({
      name: 'PermanentRedirect',
      Endpoint: 's3.eu-west-1.amazonaws.com',
    })
  })

  it('that lies in a region younger than redirects is told by its location constraint', async () => {
    const ofMilan = await failure(s3.send(new GetObjectCommand({ Bucket: 'in-milan', Key: 'k' })))
    expect(ofMilan).toMatchObject({
      name: 'IllegalLocationConstraintException',
      message:
        'The eu-south-1 location constraint is incompatible for the region specific endpoint this request was sent to.',
    })
    const ofVirginia = at('eu-south-1').send(new GetObjectCommand({ Bucket: 'in-virginia', Key: 'k' }))
    expect((await failure(ofVirginia)).message).toMatch(/^The unspecified location constraint/)
  })

  it('reads the source of a copy wherever it lies, and tells where a bucket lies', async () => {
    const copy = { Bucket: 'in-virginia', Key: 'copy', CopySource: 'in-ireland/k' }
    await s3.send(new CopyObjectCommand(copy))
    const location = await s3.send(new GetBucketLocationCommand({ Bucket: 'in-milan' }))
    expect(location.LocationConstraint).toBe('eu-south-1')
  })
})

describe('an endpoint of a region', () => {
  const endpoint = (region: string) => ({
    endpoint: `http://s3.${region}.amazonaws.com`,
    requestHandler: test.cloud.requestHandler,
  })

  it('takes signatures of its own region only', async () => {
    const wrong = at('us-west-2', endpoint('eu-west-1'))
    const read = new GetObjectCommand({ Bucket: 'in-ireland', Key: 'k' })
    expect(await failure(wrong.send(read))).toMatchObject({
      name: 'AuthorizationHeaderMalformed',
      message: `The authorization header is malformed; the region 'us-west-2' is wrong; expecting 'eu-west-1'`,
      Region: 'eu-west-1',
      $metadata: { httpStatusCode: 400 },
    })
    const right = await at('eu-west-1', endpoint('eu-west-1')).send(read)
    expect(await right.Body?.transformToString()).toBe('x')
  })

  it('says so of presigned URLs in their own words', async () => {
    const signer = at('us-west-2', endpoint('eu-west-1'))
    const read = new GetObjectCommand({ Bucket: 'in-ireland', Key: 'k' })
    const url = new URL(await getSignedUrl(signer, read))
    const { response } = await test.cloud.requestHandler.handle({
      method: 'GET',
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host },
    })
    expect(response.statusCode).toBe(400)
  })
})

describe('clients follow', () => {
  it.each(['in-ireland', 'in-milan'])('the SDK to %s', async (Bucket) => {
    const following = at('us-west-2', { followRegionRedirects: true })
    await following.send(new HeadBucketCommand({ Bucket }))
    const fresh = at('us-west-2', { followRegionRedirects: true })
    const { Body } = await fresh.send(new GetObjectCommand({ Bucket, Key: 'k' }))
    expect(await Body?.transformToString()).toBe('x')
  })
})
