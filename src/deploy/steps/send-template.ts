/** Gets a template to CloudFormation: within the request, or through the fleet's bucket for templates. */
import type { CreateChangeSetInput } from '@aws-sdk/client-cloudformation'
import type { Accounts } from '../../aws/index.ts'
import { type AssemblyStack, TEMPLATE_BYTES } from '../../model/index.ts'

export interface SentTemplate {
  readonly source: Pick<CreateChangeSetInput, 'TemplateBody' | 'TemplateURL'>
  /** To be called once CloudFormation has read it: AWS keeps a copy of its own. */
  readonly remove: () => Promise<void>
}

/**
 * Sends the readable text where it fits, else the same without white space, else through the bucket.
 * Errors: Error when the template is too large for all of that.
 */
export async function sendTemplate(
  accounts: Accounts,
  stack: AssemblyStack,
  text: string,
  token: string,
): Promise<SentTemplate> {
  const tight = JSON.stringify(stack.template)
  const fits = (limit: number) => [text, tight].find((one) => Buffer.byteLength(one) <= limit)
  const body = fits(TEMPLATE_BYTES.inRequest)
  if (body !== undefined) return { source: { TemplateBody: body }, remove: async () => undefined }
  const object = fits(TEMPLATE_BYTES.inBucket)
  if (stack.templateBucket === undefined || object === undefined) {
    const most = stack.templateBucket === undefined ? TEMPLATE_BYTES.inRequest : TEMPLATE_BYTES.inBucket
    const bytes = Buffer.byteLength(tight)
    throw new Error(`its template has ${bytes} bytes, and CloudFormation takes ${most}: split the pipeline`)
  }
  return throughBucket(accounts, stack, { bucket: stack.templateBucket, object, token })
}

async function throughBucket(
  accounts: Accounts,
  { name, target }: AssemblyStack,
  { bucket, object, token }: { bucket: string; object: string; token: string },
): Promise<SentTemplate> {
  const { DeleteObjectCommand, PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3')
  const s3 = await accounts.client(S3Client, target)
  const place = { Bucket: bucket, Key: `${name}/${token}.json` }
  await s3.send(new PutObjectCommand({ ...place, Body: object, ContentType: 'application/json' }))
  return {
    source: { TemplateURL: `https://${bucket}.s3.${target.region}.amazonaws.com/${place.Key}` },
    remove: async () => {
      await s3.send(new DeleteObjectCommand(place))
    },
  }
}
