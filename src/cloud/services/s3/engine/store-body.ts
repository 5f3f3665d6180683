/** Storing the body of an object or of a part: its bytes, its entity tag, its checksum. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Checksum, Segment } from '../state.ts'
import { bodiesOf, type Content } from './bodies.ts'
import { type ChecksumInput, ChecksumWatch } from './object-checksum.ts'

/** AWS: 5 GiB in one request. */
export const PUT_LIMIT = 5 * 1024 ** 3

export interface IncomingBody {
  readonly content: Content
  /** The data key to encrypt with. */
  readonly key?: Uint8Array
  /** Base64, as stated. */
  readonly contentMd5?: string
  /** The checksum that is stated or asked for. */
  readonly sums: ChecksumInput
}

export interface StoredBody {
  readonly segment: Segment
  /** Without quotes. AWS: the MD5 of the content, but not for what is under KMS. */
  readonly etag: string
  readonly checksum?: Checksum
}

/**
 * Stores a body and then has it recorded, with nothing awaited in between.
 * When the body is not what was stated, or recording it throws, its bytes are removed again.
 * Errors: BadDigest, EntityTooLarge, whatever the source of the content or `record` throws.
 */
export async function storeBody<T>(
  ctx: Context,
  body: IncomingBody,
  record: (stored: StoredBody) => T,
): Promise<T> {
  const { content, key, contentMd5 } = body
  const watch = new ChecksumWatch(body.sums, content)
  const bodies = bodiesOf(ctx.cloud)
  const { segment, md5 } = await bodies.write(content, {
    key,
    md5: !key || contentMd5 !== undefined,
    inspect: watch.inspect,
    limit: PUT_LIMIT,
    tooLarge: entityTooLarge,
  })
  try {
    checkMd5(contentMd5, md5)
    const etag = key ? ctx.cloud.ids.uuid().replaceAll('-', '') : md5!
    return record({ segment, etag, checksum: watch.result() })
  } catch (error) {
    await bodies.remove([segment])
    throw error
  }
}

const entityTooLarge = (): AwsError =>
  new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
    fields: { MaxSizeAllowed: PUT_LIMIT },
  })

function checkMd5(stated: string | undefined, md5: string | undefined): void {
  if (stated === undefined || md5 === undefined) return
  if (Buffer.from(stated, 'base64').toString('hex') !== md5)
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.')
}
