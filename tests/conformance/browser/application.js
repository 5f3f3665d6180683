// A web application under development that calls AWS from the browser; the test bundles it and opens it.
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'

const PIXEL = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

globalThis.useCloud = async (endpoint) => {
  const configuration = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' },
    forcePathStyle: true,
    maxAttempts: 1,
  }
  const [s3, sns] = [new S3Client(configuration), new SNSClient(configuration)]
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'from-the-page' }))
  const Bucket = 'pages'
  await s3.send(new CreateBucketCommand({ Bucket }))
  const [Key, Body] = ['a b.txt', 'from the page']
  const put = await s3.send(new PutObjectCommand({ Bucket, Key, Body, Metadata: { colour: 'red' } }))
  const got = await s3.send(new GetObjectCommand({ Bucket, Key }))
  const missing = await s3.send(new GetObjectCommand({ Bucket, Key: 'none' })).catch((error) => error)
  return {
    topicArn: TopicArn,
    etag: put.ETag,
    metadata: got.Metadata,
    text: await got.Body.transformToString(),
    requestId: got.$metadata.requestId,
    error: missing.name,
    width: await widthOfImage(s3, Bucket),
  }
}

/** An image element asks without `Origin`. */
async function widthOfImage(s3, Bucket) {
  const Key = 'pixel'
  const Body = Uint8Array.from(atob(PIXEL), (one) => one.charCodeAt(0))
  await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'image/gif' }))
  const image = new Image()
  image.src = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }))
  await image.decode()
  return image.width
}
